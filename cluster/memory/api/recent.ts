/** A map that forgets what was used longest ago. */
export class Recent<T> {
  readonly #values = new Map<string, T>();

  /** @param size how many values it remembers */
  constructor(readonly size: number) {}

  get(key: string): T | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, value);
    }
    return value;
  }

  set(key: string, value: T): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.size) {
      const [oldest] = this.#values.keys();
      this.#values.delete(oldest);
    }
  }
}
