import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { DomainError, type Fault } from '../../kernel/errors.ts';

/** A fault and where it stands: line and column from 1, and an RFC 6901 pointer where the text could be read. */
export type PlacedFault = Fault & { readonly line: number; readonly column: number };

/** The file is not as it has to be; nothing was changed. The message names the file and every fault, one a line. */
export class DeclarationRefused extends DomainError {
  readonly places: readonly PlacedFault[];

  constructor(path: string, places: readonly PlacedFault[]) {
    const shown = places.slice(0, MOST_SHOWN).map((place) => `  ${show(path, place)}`);
    const more = places.length - shown.length;
    const lines = [
      `${path} cannot be applied, and nothing was changed:`,
      ...shown,
      ...(more > 0 ? [`  … and ${more} more`] : []),
    ];
    super('invalid', 'declarations.invalid', { detail: lines.join('\n'), faults: places });
    this.places = places;
  }
}

const MOST_SHOWN = 50;

const show = (path: string, { line, column, pointer, detail }: PlacedFault): string =>
  `${path}:${line}:${column} ${pointer ? `${pointer}: ` : ''}${detail}`;

/** The value a text holds, and the way from a pointer into it to a line and column. */
export type ReadText = {
  readonly value: unknown;
  place(fault: Fault): PlacedFault;
};

/** YAML 1.2, of which JSON is a part. Throws {@link DeclarationRefused} with every fault of the text. */
export function readText(path: string, text: string): ReadText {
  const counter = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const nul = text.indexOf('\u0000');
  if (nul >= 0) {
    const before = text.slice(0, nul).split('\n');
    const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    throw new DeclarationRefused(path, [{ ...place, detail: 'a NUL character is not allowed' }]);
  }
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new DeclarationRefused(
      path,
      faults.map(({ pos, message, code }) => ({ ...at(pos[0]), code, detail: WORDS[code] ?? message })),
    );
  }
  const value = valueIn(path, document);
  return { value, place: (fault) => ({ ...fault, ...at(offsetOf(document, fault.pointer ?? '')) }) };
}

const WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the same member is there twice',
  MULTIPLE_DOCS: 'expected one document',
  RESOURCE_EXHAUSTION: 'the nesting is too deep',
};

function valueIn(path: string, document: Document): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (value !== null) return value;
  } catch (error) {
    const detail = error instanceof ReferenceError ? 'too many aliases' : 'the nesting is too deep';
    throw new DeclarationRefused(path, [{ line: 1, column: 1, detail }]);
  }
  throw new DeclarationRefused(path, [{ line: 1, column: 1, detail: 'the file is empty' }]);
}

/** Where the thing a pointer names begins; the nearest thing around it where the member is missing. */
function offsetOf(document: Document, pointer: string): number {
  let node: unknown = document.contents;
  let offset = startOf(node, 0);
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === name);
      if (!isPair(pair)) return offset;
      offset = startOf(pair.key, offset);
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(name)];
      offset = startOf(node, offset);
    } else return offset;
  }
  return offset;
}

const startOf = (node: unknown, otherwise: number): number =>
  isNode(node) ? (node.range?.[0] ?? otherwise) : otherwise;
