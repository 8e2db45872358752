/** A refusal that is no Status: the kubelet's own words, which clients show as they are. */
export class PlainTextError extends Error {
  override readonly name = "PlainTextError";
  constructor(readonly status: number, message: string) {
    super(message);
  }
}
