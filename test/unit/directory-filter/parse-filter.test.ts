import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileFilter } from '../../../src/domain/directory-filter/compile-filter.ts';
import { type Filter, FilterMistake, nameOf } from '../../../src/domain/directory-filter/filter.ts';
import { matches } from '../../../src/domain/directory-filter/matches.ts';
import { parseFilter, parsePatchPath } from '../../../src/domain/directory-filter/parse-filter.ts';
import { groupsOfUser } from '../../../src/domain/groups/group-schema.ts';
import { userColumns } from '../../../src/domain/users/user-columns.ts';
import { userShape } from '../../../src/domain/users/user-schema.ts';
import { filterTexts, userFilters } from './filters.ts';

const columns = { ...userColumns(new Date()), ...groupsOfUser };
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const parse = (text: string) => parseFilter(text, userShape);

function compiled(filter: Filter) {
  const parameters: unknown[] = [];
  return { sql: compileFilter(filter, columns, (value) => `$${parameters.push(value)}`), parameters };
}

/** The filter in brackets, to see how it was understood. */
function shape(filter: Filter): string {
  if (filter.kind === 'not') return `!${shape(filter.filter)}`;
  if (filter.kind === 'some') return `${nameOf(filter.path)}[${shape(filter.filter)}]`;
  if (filter.kind === 'present') return `${nameOf(filter.path)}?`;
  if (filter.kind === 'compare') return `${nameOf(filter.path)} ${filter.operator}`;
  return `(${filter.filters.map(shape).join(` ${filter.kind} `)})`;
}

const alice = {
  id: '00000000-0000-7000-8000-000000000001',
  userName: 'Alice@Example.com',
  active: true,
  name: { familyName: 'Archer' },
  emails: [
    { value: 'alice@example.com', type: 'work', primary: true },
    { value: 'a@home.example', type: 'home', primary: false },
  ],
  [ENTERPRISE]: { department: 'Sales', manager: { value: '00000000-0000-7000-8000-000000000002' } },
  meta: { created: '2026-01-31T12:00:00Z' },
};

describe('RFC 7644 §3.4.2.2: the filter grammar', () => {
  it.each([
    ['userName eq "bjensen"', 'userName eq'],
    ['name.familyName co "O\'Malley"', 'name.familyName co'],
    ['userName sw "J"', 'userName sw'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', 'userName sw'],
    ['title pr', 'title?'],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', 'meta.lastModified gt'],
    ['title pr and userType eq "Employee"', '(title? and userType eq)'],
    ['title pr or userType eq "Intern"', '(title? or userType eq)'],
    [
      'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
      '(userType eq and (emails.value co or emails.value co))',
    ],
    [
      'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")',
      '(userType ne and !(emails.value co or emails.value co))',
    ],
    ['userType eq "Employee" and (emails.type eq "work")', '(userType eq and emails.type eq)'],
    [
      'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
      '(userType eq and emails[(type eq and value co)])',
    ],
    [
      'emails[type eq "work"] or ims[type eq "xmpp" and value co "@foo.com"]',
      '(emails[type eq] or ims[(type eq and value co)])',
    ],
    ['title pr or active eq true and userType pr', '(title? or (active eq and userType?))'],
    ['USERNAME EQ "x" AND NOT(Active eq TRUE)', '(userName eq and !active eq)'],
    [`${ENTERPRISE}:department eq "Sales"`, `${ENTERPRISE}:department eq`],
    [`${ENTERPRISE}:manager eq "1"`, `${ENTERPRISE}:manager.value eq`],
    ['active eq "True"', 'active eq'],
    ['displayName eq null', 'displayName eq'],
  ])('%s', (text, expected) => {
    expect(shape(parse(text))).toBe(expected);
  });

  it.each([
    ['', 0, 'expected an attribute'],
    ['shoeSize eq 4', 0, 'there is no attribute shoeSize'],
    ['userName', 8, 'expected an operator'],
    ['userName is "x"', 9, 'there is no operator is'],
    ['userName eq', 11, 'expected a value'],
    ['userName eq x', 12, 'expected a value; text stands between quotation marks'],
    ['userName eq "x', 12, 'this is no name, value or bracket; a text ends with "'],
    ['userName eq "x" userType pr', 16, 'nothing was expected after this: userType'],
    ['(userName pr', 12, 'expected )'],
    ['userName pr)', 11, 'nothing was expected after this: )'],
    ['emails[type eq "work"', 21, 'expected ]'],
    ['emails[userName eq "x"]', 7, 'there is no attribute userName'],
    ['name[familyName eq "x"]', 4, 'name has no values to choose from'],
    ['active gt true', 10, 'active is compared with eq and ne alone'],
    ['active eq "x"', 10, 'active is true or false'],
    ['meta.created gt "yesterday"', 16, 'created is a time such as "2026-01-31T12:00:00Z"'],
    ['meta.created co "2026"', 16, 'created is a time such as "2026-01-31T12:00:00Z"'],
    ['userName eq 4', 12, 'userName is text'],
    ['name eq "x"', 0, 'compare a sub-attribute of name'],
    ['not userName pr', 0, 'there is no attribute not'],
    ['userName gt null', 12, 'null is compared with eq and ne alone'],
    ['userName eq "\\u0000"', 12, 'NUL and lone surrogates are not allowed'],
    ['urn:x:User:userName pr', 0, 'there is no attribute urn:x:User:userName'],
    [ENTERPRISE, 0, 'expected an attribute'],
  ])('the place of the mistake in %j is %d: %s', (text, position, problem) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ position, message: `at position ${position}: ${problem}` }),
    );
  });

  it('is bounded in length, depth and number of conditions', () => {
    expect(() => parse(`userName eq "${'x'.repeat(9000)}"`)).toThrow(FilterMistake);
    expect(() => parse(`${'('.repeat(40)}userName pr${')'.repeat(40)}`)).toThrow(/levels/);
    expect(() => parse(Array.from({ length: 300 }, () => 'title pr').join(' or '))).toThrow(/conditions/);
  });
});

describe('RFC 7644 §3.5.2: PATCH paths', () => {
  it.each([
    ['members', 'members'],
    ['name.familyName', 'name.familyName'],
    ['addresses[type eq "work"]', 'addresses[type eq]'],
    ['emails[type eq "work" and primary eq true].value', 'emails.value[(type eq and primary eq)]'],
    [`${ENTERPRISE}:manager.value`, `${ENTERPRISE}:manager.value`],
    [ENTERPRISE, ENTERPRISE],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName', 'userName'],
  ])('%s', (text, expected) => {
    const shapeWithMembers = {
      ...userShape,
      common: [...userShape.common, { ...userShape.common[3], name: 'members' }],
    };
    const path = parsePatchPath(text, shapeWithMembers as never);
    const shown =
      path.attribute === undefined
        ? path.extension
        : `${nameOf(path)}${path.filter === undefined ? '' : `[${shape(path.filter)}]`}`;

    expect(shown).toBe(expected);
  });

  it.each([
    '',
    'emails[',
    'emails[type eq "x"].',
    'emails[type eq "x"].x',
    'emails.value[type eq "x"]',
    'a.b.c',
    'x y',
  ])('%j is refused', (text) => {
    expect(() => parsePatchPath(text, userShape)).toThrow(FilterMistake);
  });
});

describe('RFC 7644 §3.4.2.2: what a filter means', () => {
  it.each([
    ['userName eq "alice@example.COM"', true],
    ['id eq "00000000-0000-7000-8000-000000000001"', true],
    ['id eq "00000000-0000-7000-8000-00000000000A"', false],
    ['emails.type eq "HOME"', true],
    ['emails[type eq "home" and value sw "alice"]', false],
    ['emails[type eq "work" and value sw "alice"]', true],
    ['title eq "x"', false],
    ['title ne "x"', true],
    ['not (title eq "x")', true],
    ['title pr', false],
    ['name pr', true],
    ['ims pr', false],
    ['meta.created ge "2026-01-31T13:00:00+01:00"', true],
    ['meta.created gt "2026-01-31T12:00:00Z"', false],
    [`${ENTERPRISE}:department eq "sales" and active eq true`, true],
    ['userName gt "alice" and userName lt "bob"', true],
  ])('%s: %s', (text, expected) => {
    expect(matches(parse(text), alice)).toBe(expected);
  });
});

describe('SECURITY-LESSONS 36: filters become SQL with bound values alone', () => {
  it('the text of the condition is the same whatever the values are', () => {
    fc.assert(
      fc.property(userFilters, fc.string({ unit: 'binary' }), (filter, evil) => {
        const text = (value: string) => filter.map((part) => (part === null ? JSON.stringify(value) : part)).join('');
        const one = compiled(parse(text('x')));
        const storable = evil.replaceAll('\u0000', '').toWellFormed();
        const other = compiled(parse(text(`${storable}'; DROP TABLE users; --`)));

        expect(other.sql).toBe(one.sql);
        expect(other.parameters).toHaveLength(one.parameters.length);
      }),
      { numRuns: 500 },
    );
  });

  it('whatever is sent is read within bounds or refused with its place', () => {
    fc.assert(
      fc.property(filterTexts, (text) => {
        try {
          const { sql } = compiled(parse(text));
          expect(sql.length).toBeLessThan(1_000 + 200 * text.length);
          expect(sql).toMatch(/^[\w\s.,:()=<>$'"|/>-]*$/);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterMistake);
          expect((error as FilterMistake).position).toBeLessThanOrEqual(Math.max(text.length, 0));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
