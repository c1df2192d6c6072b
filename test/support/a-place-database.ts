import { writeFile } from 'node:fs/promises';

export type TestPlace = {
  /** IPv4, in CIDR form. */
  readonly network: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracy_radius?: number;
};

/** Writes a database of places in MaxMind's format 2.0: a binary tree of the bits of addresses, data, metadata. */
export async function writePlaceDatabase(path: string, places: readonly TestPlace[]): Promise<void> {
  const data = places.map(({ network: _, ...location }) => encode({ location }));
  const offsets = data.map((_, at) => data.slice(0, at).reduce((sum, { length }) => sum + length, 0));
  const nodes: (number | { readonly data: number } | undefined)[][] = [[undefined, undefined]];
  for (const [at, { network }] of places.entries()) {
    const [address = '', bits = '32'] = network.split('/');
    const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    let node = 0;
    for (let bit = 0; bit < Number(bits); bit += 1) {
      const side = Math.floor(value / 2 ** (31 - bit)) % 2;
      const here = nodes[node] ?? [];
      if (bit === Number(bits) - 1) here[side] = { data: offsets[at] ?? 0 };
      else {
        if (typeof here[side] !== 'number') here[side] = nodes.push([undefined, undefined]) - 1;
        node = here[side] as number;
      }
    }
  }
  const tree = nodes.flat().map((record) => {
    const bytes = Buffer.alloc(3);
    const value =
      record === undefined ? nodes.length : typeof record === 'number' ? record : nodes.length + 16 + record.data;
    bytes.writeUIntBE(value, 0, 3);
    return bytes;
  });
  const metadata = encode({
    node_count: nodes.length,
    record_size: 24,
    ip_version: 4,
    database_type: 'Test-City',
    languages: [],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    description: {},
  });
  const marker = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);
  await writeFile(path, Buffer.concat([...tree, Buffer.alloc(16), ...data, marker, metadata]));
}

type Value = number | string | readonly Value[] | { readonly [name: string]: Value };

/** Of short values alone: sizes below 29. */
function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(6, 4), bytes]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return Buffer.concat([control(3, 8), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value as { readonly [name: string]: Value });
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([name, one]) => [encode(name), encode(one)])]);
}

const control = (type: number, size: number): Buffer =>
  type <= 7 ? Buffer.from([(type << 5) | size]) : Buffer.from([size, type - 7]);
