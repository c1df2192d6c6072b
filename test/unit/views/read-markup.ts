export type Element = { readonly name: string; readonly attributes: ReadonlyMap<string, string> };
export type Markup = { readonly elements: readonly Element[]; readonly texts: readonly string[] };

const doctype = '<!doctype html>';
const tag = /<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z-]+(?:="[^"]*")?)*) ?\/?>/y;
const attribute = / ([a-zA-Z-]+)(?:="([^"]*)")?/g;
const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

function decode(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity);
}

/**
 * Reads what our renderer writes by a grammar much narrower than HTML's: quoted attributes, and no `<` outside a tag.
 * Markup that a browser could read in any other way is refused.
 */
export function readMarkup(html: string): Markup {
  if (!html.startsWith(doctype)) throw new Error('no doctype');
  const elements: Element[] = [];
  const texts: string[] = [];
  let position = doctype.length;
  while (position < html.length) {
    const next = html.indexOf('<', position);
    if (next !== position) texts.push(decode(html.slice(position, next === -1 ? undefined : next)));
    if (next === -1) break;
    tag.lastIndex = next;
    const match = tag.exec(html);
    if (!match) throw new Error(`not a tag of ours: ${html.slice(next, next + 80)}`);
    const [whole, closing, name = '', attributes = ''] = match;
    if (!closing) {
      const pairs = [...attributes.matchAll(attribute)].map(
        ([, key = '', value = '']) => [key.toLowerCase(), decode(value)] as const,
      );
      elements.push({ name, attributes: new Map(pairs) });
    }
    position = next + whole.length;
  }
  return { elements, texts };
}

/** `element` and `element[attribute]`, each once: what a page is made of, whatever its texts are. */
export function shapeOf({ elements }: Markup): ReadonlySet<string> {
  return new Set(
    elements.flatMap(({ name, attributes }) => [name, ...[...attributes.keys()].map((key) => `${name}[${key}]`)]),
  );
}
