/** Where something waits, from the widest group to the narrowest: `['strangers', '203.0.113.0/24', '203.0.113.9']`. */
export type Place = readonly string[];

/**
 * A line in which groups take turns, at every level of their places: whoever sends much waits behind their own. When it is
 * too long the last one of the longest group goes (Nagle, RFC 970), so nobody fills it for the others.
 */
export class FairLine<Item> {
  private readonly root = new Group<Item>();

  get length(): number {
    return this.root.size;
  }

  add(place: Place, item: Item): void {
    this.root.add(place, item);
  }

  /** The next one whose turn it is. */
  take(): Item | undefined {
    return this.root.take();
  }

  /** Takes out the last of the longest group; among equally long ones that of `newcomer`, who then displaces nobody. */
  drop(newcomer: Place): Item | undefined {
    return this.root.drop(newcomer);
  }
}

class Group<Item> {
  size = 0;
  /** Of the narrowest groups alone, in the order of arrival. */
  private readonly items: Item[] = [];
  /** In the order of their turns: a map keeps it, and a group that was served is put back at its end. */
  private readonly groups = new Map<string, Group<Item>>();

  add([name, ...rest]: Place, item: Item): void {
    this.size += 1;
    if (name === undefined) {
      this.items.push(item);
      return;
    }
    const group = this.groups.get(name) ?? new Group<Item>();
    this.groups.set(name, group);
    group.add(rest, item);
  }

  take(): Item | undefined {
    if (this.size === 0) return undefined;
    this.size -= 1;
    for (const [name, group] of this.groups) {
      this.groups.delete(name);
      if (group.size > 1) this.groups.set(name, group);
      return group.take();
    }
    return this.items.shift();
  }

  drop([own, ...rest]: Place): Item | undefined {
    if (this.size === 0) return undefined;
    this.size -= 1;
    let name = own === undefined || !this.groups.has(own) ? undefined : own;
    for (const [other, { size }] of this.groups) {
      if (name === undefined || size > (this.groups.get(name)?.size ?? 0)) name = other;
    }
    const group = name === undefined ? undefined : this.groups.get(name);
    if (name === undefined || group === undefined) return this.items.pop();
    const dropped = group.drop(name === own ? rest : []);
    if (group.size === 0) this.groups.delete(name);
    return dropped;
  }
}
