/** A heap of pods that are also found by their key. Pods that compare equal leave in the order in which they came. */
import type { QueuedPod } from "./queue.ts";

interface Item {
  readonly pod: QueuedPod;
  readonly order: number;
  index: number;
}

export class PodHeap {
  readonly #items: Item[] = [];
  readonly #byKey = new Map<string, Item>();
  #order = 0;

  constructor(readonly compare: (a: QueuedPod, b: QueuedPod) => number) {}

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  get(key: string): QueuedPod | undefined {
    return this.#byKey.get(key)?.pod;
  }

  peek(): QueuedPod | undefined {
    return this.#items[0]?.pod;
  }

  find(wanted: (pod: QueuedPod) => boolean): QueuedPod | undefined {
    return this.#items.find(({ pod }) => wanted(pod))?.pod;
  }

  set(pod: QueuedPod): void {
    const { key } = pod.info;
    const order = this.#byKey.get(key)?.order ?? this.#order++;
    this.delete(key);
    const item = { pod, order, index: this.#items.length };
    this.#byKey.set(key, item);
    this.#items.push(item);
    this.#up(item);
  }

  pop(): QueuedPod | undefined {
    const first = this.peek();
    if (first !== undefined) this.delete(first.info.key);
    return first;
  }

  delete(key: string): void {
    const item = this.#byKey.get(key);
    if (item === undefined) return;
    this.#byKey.delete(key);
    const last = this.#items.pop()!;
    if (last === item) return;
    this.#put(last, item.index);
    this.#up(last);
    this.#down(last);
  }

  #before(a: Item, b: Item): boolean {
    return (this.compare(a.pod, b.pod) || a.order - b.order) < 0;
  }

  #put(item: Item, index: number): void {
    this.#items[index] = item;
    item.index = index;
  }

  #up(item: Item): void {
    while (item.index > 0) {
      const parent = this.#items[(item.index - 1) >> 1];
      if (!this.#before(item, parent)) return;
      const { index } = parent;
      this.#put(parent, item.index);
      this.#put(item, index);
    }
  }

  #down(item: Item): void {
    for (;;) {
      const left = this.#items[2 * item.index + 1];
      const right = this.#items[2 * item.index + 2];
      const child = right !== undefined && this.#before(right, left) ? right : left;
      if (child === undefined || !this.#before(child, item)) return;
      const { index } = child;
      this.#put(child, item.index);
      this.#put(item, index);
    }
  }
}
