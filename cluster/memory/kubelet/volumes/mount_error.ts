/** Why a volume cannot be mounted. */
export class MountError extends Error {
  override readonly name = "MountError";
  /** @param step what failed: most fail while the volume is set up, some before anything is done for them */
  constructor(message: string, readonly step: "SetUp" | "NewMounter" | "process" = "SetUp") {
    super(message);
  }
}
