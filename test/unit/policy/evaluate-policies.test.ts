import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePolicy } from '../../../src/domain/policy/compile-policy.ts';
import { evaluatePolicies, UNRESTRICTED, type Verdict } from '../../../src/domain/policy/evaluate-policies.ts';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import type { Conditions, Rule } from '../../../src/domain/policy/policy-rule.ts';
import type { SignInFacts } from '../../../src/domain/policy/sign-in-facts.ts';

const subset = <T>(...items: T[]) => fc.subarray(items, { minLength: 1 });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
/** Without members that are undefined: a condition that is not named. */
const named = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));

const when = fc
  .record({
    clients: optional(subset('web', 'app')),
    organizations: optional(subset('acme', 'bolt')),
    roles: optional(subset('clerk', 'chief')),
    groups: optional(subset('Sales', 'Staff')),
    networks: optional(subset('10.0.0.0/8', '2001:db8::/32')),
    outsideNetworks: optional(subset('10.1.0.0/16')),
    knownBrowser: optional(fc.boolean()),
    risk: optional(fc.constantFrom('elevated' as const, 'high' as const)),
    signedInMoreThanSecondsAgo: optional(fc.constantFrom(60, 3600)),
  })
  .map((conditions) => named(conditions) as Conditions);

const documentOf = (version: string) => ({ document: 'rules', version, title: 'Rules', url: 'https://example.com' });

const rule: fc.Arbitrary<Rule> = fc.oneof(
  when.map((conditions): Rule => ({ effect: 'allow', when: conditions })),
  when.map((conditions): Rule => ({ effect: 'deny', when: conditions, reason: 'not here' })),
  fc
    .record({
      when,
      factors: optional(fc.constantFrom('two_factors' as const, 'passkey' as const)),
      maxAgeSeconds: optional(fc.constantFrom(60, 600, 3600)),
      changesMaxAgeSeconds: optional(fc.constantFrom(60, 600)),
      sessionLifetimeSeconds: optional(fc.constantFrom(600, 3600)),
      sessionIdleSeconds: optional(fc.constantFrom(600, 3600)),
      rememberBrowserDays: optional(fc.constantFrom(0, 7)),
      passwordMinimumLength: optional(fc.constantFrom(10, 14)),
      passwordRefusesNames: optional(fc.constant(true as const)),
      attributes: optional(subset('nickName', 'givenName')),
      terms: optional(subset('1', '2').map((versions) => versions.map(documentOf))),
    })
    .map(
      ({ when: conditions, ...requirements }): Rule => ({
        effect: 'require',
        when: conditions,
        requirements: named(requirements),
      }),
    ),
);

const policyOf = ({ rules, ...level }: Pick<Policy, 'rules' | 'organizationId' | 'clientId'>, index = 0) =>
  compilePolicy({ id: `p${index}`, name: `p${index}`, rules, ...level } as Policy);

const policies = fc
  .array(
    fc.record({
      organizationId: fc.constantFrom(null, 'acme', 'bolt'),
      clientId: fc.constantFrom(null, 'web'),
      rules: fc.array(rule, { maxLength: 5 }),
    }),
    { maxLength: 4 },
  )
  .map((several) => several.map(policyOf));

const facts: fc.Arbitrary<SignInFacts> = fc.record({
  clientId: fc.constantFrom('web', 'app', 'other'),
  organizationIds: fc.subarray(['acme', 'bolt']).map((ids) => new Set(ids)),
  roles: fc.subarray(['clerk', 'chief']).map((names) => new Set(names)),
  groups: fc.subarray(['Sales', 'Staff']).map((names) => new Set(names)),
  ipAddress: fc.constantFrom('10.0.0.1', '10.1.0.1', '::ffff:10.1.2.3', '2001:db8::1', '192.0.2.1'),
  knownBrowser: fc.boolean(),
  risk: fc.constantFrom('low' as const, 'elevated' as const, 'high' as const),
  signedInSecondsAgo: fc.constantFrom(0, 61, 4000),
});

const RANK = { none: 0, two_factors: 1, passkey: 2 } as const;
const rank = ({ factors }: Verdict): number => RANK[factors ?? 'none'];

/** Whatever the one lets in, the other lets in too. */
const isAtLeastAsStrict = (one: Verdict, other: Verdict): boolean =>
  one.denied !== undefined ||
  (other.denied === undefined &&
    rank(one) >= rank(other) &&
    other.attributes.every((name) => one.attributes.includes(name)) &&
    other.terms.every(({ version }) => one.terms.some((own) => own.version === version)) &&
    (one.passwordMinimumLength ?? 0) >= (other.passwordMinimumLength ?? 0) &&
    (one.passwordRefusesNames ?? !other.passwordRefusesNames) &&
    LEAST.every((name) => (one[name] ?? Number.POSITIVE_INFINITY) <= (other[name] ?? Number.POSITIVE_INFINITY)));

const LEAST = [
  ...(['maxAgeSeconds', 'changesMaxAgeSeconds', 'sessionLifetimeSeconds'] as const),
  ...(['sessionIdleSeconds', 'rememberBrowserDays'] as const),
];

const verdictOf = (all: Parameters<typeof evaluatePolicies>[0], of: SignInFacts): Verdict =>
  evaluatePolicies(all, of).verdict;

describe('sign-in policies, whatever they say (ADR 0013)', () => {
  it('one more policy, of whomever, never makes a sign-in easier', () => {
    fc.assert(
      fc.property(policies, policies, facts, (some, more, of) =>
        isAtLeastAsStrict(verdictOf([...some, ...more], of), verdictOf(some, of)),
      ),
    );
  });

  it('each thing that is asked for is asked for by a rule that is named, and nothing else is', () => {
    const { denied: _, askedBy: __, ...nothing } = UNRESTRICTED;
    fc.assert(
      fc.property(policies, facts, (some, of) => {
        const verdict = verdictOf(some, of);
        const asked = (Object.keys(nothing) as (keyof typeof nothing)[]).filter(
          (name) => JSON.stringify(verdict[name]) !== JSON.stringify(nothing[name]),
        );
        const askers = new Set(verdict.askedBy.map(({ requirement }) => requirement));
        return asked.length === askers.size && asked.every((name) => askers.has(name));
      }),
    );
  });

  it('the order of policies decides nothing but who is named as having refused', () => {
    fc.assert(
      fc.property(policies, facts, (some, of) => {
        const one = verdictOf(some, of);
        const other = verdictOf([...some].reverse(), of);
        return isAtLeastAsStrict(one, other) && isAtLeastAsStrict(other, one);
      }),
    );
  });

  it('a rule below an allow that holds, or below a deny that holds, changes nothing', () => {
    const always = (effect: 'allow' | 'deny'): Rule =>
      effect === 'allow' ? { effect, when: {} } : { effect, when: {}, reason: 'no' };
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 4 }),
        fc.array(rule, { maxLength: 4 }),
        fc.constantFrom('allow' as const, 'deny' as const),
        facts,
        (above, below, effect, of) => {
          const level = { organizationId: null, clientId: null };
          const short = policyOf({ ...level, rules: [...above, always(effect)] });
          const long = policyOf({ ...level, rules: [...above, always(effect), ...below] });
          expect(verdictOf([long], of)).toEqual(verdictOf([short], of));
        },
      ),
    );
  });

  it('a rule without conditions that denies refuses everybody it is for, whatever other policies allow', () => {
    fc.assert(
      fc.property(policies, facts, (some, of) => {
        const refusal = policyOf({
          organizationId: null,
          clientId: null,
          rules: [{ effect: 'deny', when: {}, reason: 'no' }],
        });
        return verdictOf([...some, refusal], of).denied !== undefined;
      }),
    );
  });

  it('a policy of another client, or of an organization somebody has nothing to do with, decides nothing', () => {
    fc.assert(
      fc.property(policies, facts, (some, of) => {
        const own = some.filter(
          ({ organizationId, clientId }) =>
            (organizationId === null || of.organizationIds.has(organizationId)) &&
            (clientId === null || clientId === of.clientId),
        );
        expect(verdictOf(some, of)).toEqual(verdictOf(own, of));
      }),
    );
  });

  it('what is not known is taken in favour of the person: never stricter than any knowledge of it', () => {
    fc.assert(
      fc.property(policies, facts, (some, of) => {
        const blind = {
          ...of,
          ipAddress: undefined,
          knownBrowser: undefined,
          risk: undefined,
          signedInSecondsAgo: undefined,
        };
        return isAtLeastAsStrict(verdictOf(some, of), verdictOf(some, blind));
      }),
    );
  });

  it('IPv4 in IPv6 notation is in the IPv4 network (RFC 4291 §2.5.5.2)', () => {
    const inside = policyOf({
      organizationId: null,
      clientId: null,
      rules: [{ effect: 'deny', when: { networks: ['10.0.0.0/8'] }, reason: 'no' }],
    });
    const of = {
      clientId: 'web',
      organizationIds: new Set<string>(),
      roles: new Set<string>(),
      groups: new Set<string>(),
    };
    const at = (ipAddress: string) => ({
      ...of,
      ipAddress,
      knownBrowser: true,
      risk: undefined,
      signedInSecondsAgo: 0,
    });

    expect(verdictOf([inside], at('::ffff:10.1.2.3')).denied).toBeDefined();
    expect(verdictOf([inside], at('::ffff:192.0.2.1')).denied).toBeUndefined();
  });
});
