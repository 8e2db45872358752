/** How requests reach an API server, and answers come back: as text, whatever is in between. */

export interface OutgoingRequest {
  /** "GET" */
  readonly method: string;
  /** With the query: "/api/v1/pods?limit=5". */
  readonly path: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface Transport extends AsyncDisposable {
  /** The server's URL, without a slash at the end. */
  readonly server: string;
  /**
   * Sends a request and waits for the whole answer, whatever its status.
   *
   * @throws {Problem} `unavailable`: no answer, or credentials that cannot be worked out
   */
  send(request: OutgoingRequest): Promise<Answer>;
  /**
   * Reads an answer that goes on, such as a watch, and calls `onChunk` for each part that comes, until the server ends
   * it or `signal` does.
   *
   * @returns the answer where it is a refusal
   * @throws as {@linkcode send} does
   */
  stream(request: OutgoingRequest, onChunk: () => void, signal: AbortSignal): Promise<Answer | undefined>;
}
