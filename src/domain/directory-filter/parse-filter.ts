import type { Attribute, ResourceShape } from './attribute.ts';
import { type AttributePath, type Filter, FilterMistake, type Operator, type PatchPath } from './filter.ts';
import { comparedPath, valueFor } from './filter-value.ts';
import { type Resolved, resolvePath, resolveSub } from './resolve-path.ts';
import { type Token, tokensOf } from './tokens.ts';

export const LONGEST_FILTER = 8192;
const DEEPEST_FILTER = 32;
const MOST_CONDITIONS = 256;
const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);

/** RFC 7644 §3.4.2.2. Throws {@link FilterMistake} with the place of the mistake. */
export function parseFilter(text: string, shape: ResourceShape): Filter {
  const parser = new Parser('filter', text, (name) => resolvePath(name, shape));
  const filter = parser.filter();
  parser.end();
  return filter;
}

/** RFC 7644 §3.5.2 `path`: `attrPath`, `valuePath` with or without a sub-attribute, or the URN of an extension. */
export function parsePatchPath(text: string, shape: ResourceShape): PatchPath {
  return new Parser('path', text, (name) => resolvePath(name, shape)).patchPath();
}

type Resolve = (name: string) => Resolved;

/** Reads one text from left to right: a class because it guards where it is. */
class Parser {
  readonly #what: 'filter' | 'path';
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #resolve: Resolve;
  #next = 0;
  #depth = 0;
  #conditions = 0;

  constructor(what: 'filter' | 'path', text: string, resolve: Resolve) {
    this.#what = what;
    this.#length = text.length;
    this.#resolve = resolve;
    if (text.length > LONGEST_FILTER) throw this.#mistake(LONGEST_FILTER, `at most ${LONGEST_FILTER} characters`);
    this.#tokens = tokensOf(text, (position, problem) => this.#mistake(position, problem));
  }

  filter(): Filter {
    return this.#list('or', () => this.#list('and', () => this.#factor()));
  }

  patchPath(): PatchPath {
    const token = this.#word('expected an attribute');
    const resolved = this.#resolve(token.text);
    if ('extension' in resolved) {
      this.end();
      return { extension: resolved.extension, attribute: undefined };
    }
    const path = this.#found(resolved, token);
    if (!this.#isSymbol('[')) {
      this.end();
      return { ...path, filter: undefined };
    }
    const filter = this.#brackets(path, token);
    const sub = this.#subOfValue(path);
    this.end();
    return { ...path, sub, filter };
  }

  end(): void {
    const token = this.#peek();
    if (token !== undefined) throw this.#mistake(token.position, `nothing was expected after this: ${shown(token)}`);
  }

  #subOfValue({ attribute }: AttributePath): Attribute | undefined {
    if (!this.#isSymbol('.')) return undefined;
    this.#next += 1;
    const token = this.#word('expected a sub-attribute');
    return this.#found(resolveSub(token.text, attribute), token).attribute;
  }

  #list(kind: 'and' | 'or', read: () => Filter): Filter {
    const first = read();
    const filters = [first];
    while (this.#isWord(kind)) {
      this.#next += 1;
      filters.push(read());
    }
    return filters.length === 1 ? first : { kind, filters };
  }

  #factor(): Filter {
    const following = this.#tokens[this.#next + 1];
    if (this.#isWord('not') && following?.kind === 'symbol' && following.text === '(') {
      this.#next += 1;
      return { kind: 'not', filter: this.#parentheses() };
    }
    return this.#isSymbol('(') ? this.#parentheses() : this.#condition();
  }

  #parentheses(): Filter {
    return this.#nested('(', ')', () => this.filter());
  }

  #condition(): Filter {
    this.#conditions += 1;
    const token = this.#word('expected an attribute');
    if (this.#conditions > MOST_CONDITIONS)
      throw this.#mistake(token.position, `at most ${MOST_CONDITIONS} conditions`);
    const path = this.#found(this.#resolve(token.text), token);
    if (path.sub === undefined && this.#isSymbol('['))
      return { kind: 'some', path, filter: this.#brackets(path, token) };
    const operator = this.#word('expected an operator');
    const name = operator.text.toLowerCase();
    if (name === 'pr') return { kind: 'present', path };
    if (!isOperator(name)) throw this.#mistake(operator.position, `there is no operator ${operator.text.slice(0, 32)}`);
    const value = this.#tokens[this.#next];
    if (value === undefined) throw this.#mistake(this.#length, 'expected a value');
    this.#next += 1;
    const compared = comparedPath(path);
    const read = compared === undefined ? undefined : valueFor(compared, name, value);
    if (compared === undefined || read === undefined)
      throw this.#mistake(token.position, `compare a sub-attribute of ${path.attribute.name}`);
    if ('problem' in read) throw this.#mistake(read.position, read.problem);
    return { kind: 'compare', operator: name, path: compared, value: read.value };
  }

  /** The filter of a value path: its names are those of the attribute before it, and brackets do not nest. */
  #brackets({ attribute, sub }: AttributePath, token: Token): Filter {
    if (attribute.type !== 'complex' || !attribute.multiValued || sub !== undefined)
      throw this.#mistake(token.end, `${attribute.name} has no values to choose from`);
    const outer = this.#resolve;
    this.#resolve = (name) => resolveSub(name, attribute);
    const filter = this.#nested('[', ']', () => this.filter());
    this.#resolve = outer;
    return filter;
  }

  #nested(open: string, close: string, read: () => Filter): Filter {
    const token = this.#peek();
    this.#depth += 1;
    if (this.#depth > DEEPEST_FILTER)
      throw this.#mistake(token?.position ?? this.#length, `at most ${DEEPEST_FILTER} levels of brackets`);
    if (!this.#isSymbol(open)) throw this.#mistake(token?.position ?? this.#length, `expected ${open}`);
    this.#next += 1;
    const filter = read();
    if (!this.#isSymbol(close)) throw this.#mistake(this.#peek()?.position ?? this.#length, `expected ${close}`);
    this.#next += 1;
    this.#depth -= 1;
    return filter;
  }

  #found(resolved: Resolved, token: Token): AttributePath {
    if ('path' in resolved) return resolved.path;
    throw this.#mistake(token.position, 'problem' in resolved ? resolved.problem : 'expected an attribute');
  }

  #word(expected: string): Token {
    const token = this.#peek();
    if (token?.kind !== 'word') throw this.#mistake(token?.position ?? this.#length, expected);
    this.#next += 1;
    return token;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #isSymbol(text: string): boolean {
    const token = this.#peek();
    return token?.kind === 'symbol' && token.text === text;
  }

  #isWord(text: string): boolean {
    const token = this.#peek();
    return token?.kind === 'word' && token.text.toLowerCase() === text;
  }

  #mistake(position: number, problem: string): FilterMistake {
    return new FilterMistake(this.#what, position, problem);
  }
}

const isOperator = (text: string): text is Operator => OPERATORS.has(text);

const shown = ({ text }: Token): string => text.slice(0, 32);
