/** Scripts of traps whose signals have come: they run as soon as the command that is running has ended. */
export class PendingTraps {
  readonly #scripts: string[] = [];
  #wake: (() => void) | undefined;

  add(script: string): void {
    this.#scripts.push(script);
    this.#wake?.();
  }

  get some(): boolean {
    return this.#scripts.length > 0;
  }

  next(): string | undefined {
    return this.#scripts.shift();
  }

  /** Resolves when there is one. */
  arrival(): Promise<void> {
    return this.some ? Promise.resolve() : new Promise((resolve) => this.#wake = resolve);
  }
}
