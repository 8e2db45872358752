/**
 * A library that takes long to load and is needed by few: it is loaded with the first object that may need it, by the
 * `load` of that object's kind, and what works on such objects finds it there.
 */
export interface LazyLibrary<T> {
  load(): Promise<T>;
  /** For what cannot wait. @throws {Error} before {@linkcode LazyLibrary.load} */
  get(): T;
}

export function lazyLibrary<T>(name: string, importIt: () => Promise<T>): LazyLibrary<T> {
  let loaded: T | undefined;
  return {
    load: async () => loaded ??= await importIt(),
    get() {
      if (loaded === undefined) throw new Error(`${name} is not loaded yet: the kind needs a load`);
      return loaded;
    },
  };
}
