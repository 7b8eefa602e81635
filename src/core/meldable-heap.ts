// What comes first? A pairing heap (Fredman, Sedgewick, Sleator & Tarjan 1986): adding one and pouring in a whole other heap take constant time,
// taking the first one logarithmic time on average. Pouring is what a binary heap cannot do.

interface Node<Item> {
  readonly item: Item;
  /** The first of those that come after it, and the next of those that stand beside it. */
  child: Node<Item> | null;
  sibling: Node<Item> | null;
}

export class MeldableHeap<Item> {
  #root: Node<Item> | null = null;
  readonly #compare: (a: Item, b: Item) => number;

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  first(): Item | undefined {
    return this.#root?.item;
  }

  push(item: Item): void {
    this.#root = this.#joined({ item, child: null, sibling: null }, this.#root);
  }

  pop(): Item | undefined {
    const root = this.#root;
    if (root) this.#root = this.#paired(root.child);
    return root?.item;
  }

  /** Takes everything that the other one holds; both must have the same order. */
  meld(other: MeldableHeap<Item>): void {
    if (other.#root) this.#root = this.#joined(other.#root, this.#root);
    other.#root = null;
  }

  /** Everything, in no order. */
  *[Symbol.iterator](): Generator<Item> {
    const left = this.#root ? [this.#root] : [];
    for (let node = left.pop(); node; node = left.pop()) {
      yield node.item;
      if (node.sibling) left.push(node.sibling);
      if (node.child) left.push(node.child);
    }
  }

  /** One heap of two that stand alone. */
  #joined(a: Node<Item>, b: Node<Item> | null): Node<Item> {
    if (!b) return a;
    const [first, second] = this.#compare(a.item, b.item) <= 0 ? [a, b] : [b, a];
    second.sibling = first.child;
    first.child = second;
    return first;
  }

  /** One heap of many that stand side by side: joined two by two from the left, then all from the right, which is what makes it fast. */
  #paired(siblings: Node<Item> | null): Node<Item> | null {
    const pairs: Node<Item>[] = [];
    let next = siblings;
    while (next) {
      const a: Node<Item> = next;
      const b: Node<Item> | null = a.sibling;
      next = b ? b.sibling : null;
      a.sibling = null;
      if (b) b.sibling = null;
      pairs.push(this.#joined(a, b));
    }
    let all = pairs.pop() ?? null;
    for (let pair = pairs.pop(); pair; pair = pairs.pop()) all = this.#joined(pair, all);
    return all;
  }
}
