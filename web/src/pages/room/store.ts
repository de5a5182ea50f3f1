import { useSyncExternalStore } from "react";

/** A value that changes outside React, and those who want to hear of it. */
export class Store<T> {
  private readonly hearers = new Set<() => void>();

  constructor(private value: T) {}

  get now(): T {
    return this.value;
  }

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const hearer of this.hearers) hearer();
  }

  readonly hear = (hearer: () => void): (() => void) => {
    this.hearers.add(hearer);
    return () => void this.hearers.delete(hearer);
  };
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.hear, () => store.now);
}
