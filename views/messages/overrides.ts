import { type Overrides, sources } from './catalogue.ts';
import type { MessageTree } from './compile.ts';
import { isLanguage, languageNames, languages } from './languages.ts';
import { placesOf } from './places.ts';

export type OverridesResult =
  | { readonly ok: true; readonly overrides: Overrides }
  | { readonly ok: false; readonly problems: readonly string[] };

type Group = { readonly [key: string]: unknown };
type Tell = (problem: string) => void;

/** An operator's own words, checked against the catalogue: all that is wrong is told at once, each by its path. */
export function readOverrides(document: unknown): OverridesResult {
  const problems: string[] = [];
  const overrides: { -readonly [Code in keyof Overrides]: Overrides[Code] } = {};
  const groups = isGroup(document) ? document : {};
  if (!isGroup(document) && document !== null && document !== undefined)
    problems.push(`expected languages (${languageNames.join(', ')}), and under each its pages`);
  for (const [language, pages] of Object.entries(groups)) {
    if (!isLanguage(language)) problems.push(`${language} is not a language; expected ${languageNames.join(', ')}`);
    else
      overrides[language] = readGroup(pages, sources.en, {
        path: language,
        tag: languages[language].tag,
        tell: (problem) => problems.push(problem),
      });
  }
  return problems.length === 0 ? { ok: true, overrides } : { ok: false, problems };
}

type Place = { readonly path: string; readonly tag: string; readonly tell: Tell };

function readGroup(own: unknown, english: Group, { path, tag, tell }: Place): Readonly<Record<string, MessageTree>> {
  if (!isGroup(own)) {
    tell(`${path}: expected messages by their keys`);
    return {};
  }
  return Object.fromEntries(
    Object.entries(own).flatMap(([key, words]): readonly (readonly [string, MessageTree])[] => {
      const place = { path: `${path}.${key}`, tag, tell };
      const source = Object.hasOwn(english, key) ? english[key] : undefined;
      if (typeof source === 'string') return [[key, readMessage(words, source, place)]];
      if (isGroup(source)) return [[key, readGroup(words, source, place)]];
      tell(`${place.path} is not a message${nearest(key, english)}`);
      return [];
    }),
  );
}

function readMessage(words: unknown, english: string, { path, tag, tell }: Place): string {
  if (typeof words !== 'string' || (words.trim() === '' && english !== '')) {
    tell(`${path}: expected a text`);
    return english;
  }
  // A text over several lines of the file is one sentence.
  const message = words.trim().replaceAll(/\s+/g, ' ');
  try {
    for (const fault of placeFaults(message, english, tag)) tell(`${path}: ${fault}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    tell(`${path}: not ICU MessageFormat (${reason})`);
  }
  return message;
}

/** A place that is missing hides what it says; one too many, or filled in another way, has nothing to show. */
function placeFaults(message: string, english: string, tag: string): readonly string[] {
  const expected = placesOf(english);
  const own = placesOf(message, tag);
  const missing = [...expected.keys()].filter((name) => !own.has(name)).map((name) => `{${name}} is missing`);
  const wrong = [...own].flatMap(([name, kinds]) => {
    const filled = expected.get(name);
    if (filled === undefined) return [`there is no {${name}} here`];
    const others = [...kinds].filter((kind) => !filled.has(kind) && !(kind === 'plain' && filled.has('number')));
    return others.length === 0 ? [] : [`{${name}} is filled as ${[...filled].join(' and ')}, not as ${others[0]}`];
  });
  return [...missing, ...wrong];
}

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The key that shares the longest beginning, if it shares any of note. */
function nearest(key: string, english: Group): string {
  const shared = (other: string) => [...other].findIndex((letter, index) => letter !== key[index]);
  const length = (other: string) => (shared(other) === -1 ? other.length : shared(other));
  const best = Object.keys(english).sort((a, b) => length(b) - length(a))[0];
  return best !== undefined && length(best) > 1 ? ` (did you mean ${best}?)` : '';
}
