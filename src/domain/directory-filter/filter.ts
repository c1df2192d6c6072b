import { DomainError } from '../../kernel/errors.ts';
import type { Attribute } from './attribute.ts';

/** An attribute that was named, found in its schema. */
export type AttributePath = {
  /** URN of the extension it belongs to; undefined for the core schema and the common attributes. */
  readonly extension: string | undefined;
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
};

export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';
export type FilterValue = string | number | boolean | Date | null;

/** A filter that was read, each name found in the schema and each value of its attribute's type. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'present'; readonly path: AttributePath }
  | {
      readonly kind: 'compare';
      readonly operator: Operator;
      readonly path: AttributePath;
      readonly value: FilterValue;
    }
  /** RFC 7644 `valuePath`: one and the same value of the attribute meets the whole filter, whose paths start at that value. */
  | { readonly kind: 'some'; readonly path: AttributePath; readonly filter: Filter };

/** What a PATCH path names (RFC 7644 §3.5.2): an attribute, some of its values, a sub-attribute of those. */
export type PatchPath =
  | (AttributePath & { readonly filter: Filter | undefined })
  /** An extension as a whole. */
  | { readonly extension: string; readonly attribute: undefined };

/** The name under which columns and values of an attribute are found: `name.familyName`, `urn:…:User:department`. */
export const nameOf = ({ extension, attribute, sub }: AttributePath): string =>
  `${extension === undefined ? '' : `${extension}:`}${attribute.name}${sub === undefined ? '' : `.${sub.name}`}`;

/** The attribute whose type and case rule decide a comparison. */
export const comparedAttribute = ({ attribute, sub }: AttributePath): Attribute => sub ?? attribute;

/** A mistake in a filter or path; `position` counts characters from 0. */
export class FilterMistake extends DomainError {
  readonly position: number;

  constructor(what: 'filter' | 'path', position: number, problem: string) {
    const detail = `at position ${position}: ${problem}`;
    super('invalid', `directory-filter.${what}_invalid`, { detail, faults: [{ parameter: what, detail }] });
    this.position = position;
  }
}
