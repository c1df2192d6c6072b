import { isDeepStrictEqual } from 'node:util';
import type { CompiledPolicy, CompiledRule } from './compile-policy.ts';
import type { Factors, Requirements, Rule, TermsDocument } from './policy-rule.ts';
import type { SignInFacts } from './sign-in-facts.ts';

export type RuleReading = {
  readonly index: number;
  readonly effect: Rule['effect'];
  readonly description: string | undefined;
  readonly outcome: 'holds' | 'does_not_hold' | 'not_known' | 'not_read';
  /** The first condition that does not hold, or is not known. */
  readonly condition: string | undefined;
};

export type PolicyReading = {
  readonly policyId: string;
  readonly policyName: string;
  readonly rules: readonly RuleReading[];
};

/** Which rule asks for something. Of several that ask for the same: the first. */
export type Asking = {
  readonly requirement: keyof Requirements;
  readonly policyId: string;
  readonly policyName: string;
  readonly rule: number;
};

type Limits = Omit<Requirements, 'terms' | 'attributes'>;

export type Verdict = { readonly [Name in keyof Limits]-?: Limits[Name] | undefined } & {
  /** Whatever else is said. */
  readonly denied: { readonly policyId: string; readonly rule: number; readonly reason: string } | undefined;
  readonly terms: readonly TermsDocument[];
  readonly attributes: readonly string[];
  readonly askedBy: readonly Asking[];
};

export const UNRESTRICTED: Verdict = {
  denied: undefined,
  factors: undefined,
  maxAgeSeconds: undefined,
  changesMaxAgeSeconds: undefined,
  sessionLifetimeSeconds: undefined,
  sessionIdleSeconds: undefined,
  rememberBrowserDays: undefined,
  passwordMinimumLength: undefined,
  passwordRefusesNames: undefined,
  terms: [],
  attributes: [],
  askedBy: [],
};

/**
 * Each policy is read from its first rule: `require` adds, `allow` ends the reading of this policy, `deny` refuses. What several
 * policies ask for is added up, so that no policy takes back what another one asks: the strictest counts. What cannot be known is
 * taken in the person's favour; it was known at their sign-in.
 */
export function evaluatePolicies(
  policies: readonly CompiledPolicy[],
  facts: SignInFacts,
): { readonly verdict: Verdict; readonly readings: readonly PolicyReading[] } {
  let verdict = UNRESTRICTED;
  const readings = policies
    .filter((policy) => concerns(policy, facts))
    .map((policy): PolicyReading => {
      let isOver = false;
      const rules = policy.rules.map((rule, index): RuleReading => {
        const { effect, description } = rule;
        if (isOver) return { index, effect, description, outcome: 'not_read', condition: undefined };
        const { outcome, condition } = holds(rule, facts);
        if (outcome === 'holds' || (outcome === 'not_known' && effect === 'allow')) {
          isOver = effect !== 'require';
          verdict = stricter(verdict, policy, rule, index);
        }
        return { index, effect, description, outcome, condition };
      });
      return { policyId: policy.id, policyName: policy.name, rules };
    });
  return { verdict, readings };
}

const concerns = ({ organizationId, clientId }: CompiledPolicy, facts: SignInFacts): boolean =>
  (organizationId === null || facts.organizationIds.has(organizationId)) &&
  (clientId === null || clientId === facts.clientId);

function holds(
  { tests }: CompiledRule,
  facts: SignInFacts,
): { readonly outcome: 'holds' | 'does_not_hold' | 'not_known'; readonly condition: string | undefined } {
  let unknown: string | undefined;
  for (const { condition, test } of tests) {
    const answer = test(facts);
    if (answer === false) return { outcome: 'does_not_hold', condition };
    if (answer === undefined) unknown ??= condition;
  }
  return { outcome: unknown === undefined ? 'holds' : 'not_known', condition: unknown };
}

function stricter(verdict: Verdict, policy: CompiledPolicy, rule: CompiledRule, index: number): Verdict {
  if (rule.effect === 'deny')
    return { ...verdict, denied: verdict.denied ?? { policyId: policy.id, rule: index, reason: rule.reason } };
  if (rule.effect === 'allow') return verdict;
  let result = verdict;
  for (const requirement of namesOf(rule.requirements)) {
    const both = add(requirement, result, rule.requirements);
    if (isDeepStrictEqual(both, result[requirement])) continue;
    const kept = isList(requirement) ? result.askedBy : result.askedBy.filter((one) => one.requirement !== requirement);
    const asking = { requirement, policyId: policy.id, policyName: policy.name, rule: index };
    result = { ...result, [requirement]: both, askedBy: [...kept, asking] };
  }
  return result;
}

const namesOf = (asked: Requirements) => Object.keys(asked) as (keyof Requirements)[];
const isList = (requirement: keyof Requirements): boolean => requirement === 'terms' || requirement === 'attributes';

const add = <Name extends keyof Requirements>(name: Name, verdict: Verdict, asked: Requirements) =>
  (sums[name] as (one: unknown, other: unknown) => Verdict[Name])(verdict[name], asked[name]);

/** What two rules ask together: never less than either. */
const sums: {
  readonly [Name in keyof Requirements]-?: (
    one: Verdict[Name],
    other: NonNullable<Requirements[Name]>,
  ) => Verdict[Name];
} = {
  factors: (one, other) => (one === 'passkey' ? one : other),
  maxAgeSeconds: least,
  changesMaxAgeSeconds: least,
  sessionLifetimeSeconds: least,
  sessionIdleSeconds: least,
  rememberBrowserDays: least,
  passwordMinimumLength: (one = 0, other) => Math.max(one, other),
  passwordRefusesNames: () => true,
  terms: (some, more) => [...some, ...more.filter((one) => !some.some((other) => isSame(one, other)))],
  attributes: (some, more) => [...new Set([...some, ...more])],
};

const isSame = (one: TermsDocument, other: TermsDocument): boolean =>
  one.document === other.document && one.version === other.version;

function least(one: number | undefined, other: number): number {
  return Math.min(one ?? other, other);
}

/** How somebody signed in: RFC 8176, how long ago, and how long ago their session was last used. */
export type SignedIn = {
  readonly amr: readonly string[];
  readonly secondsAgo: number;
  readonly unusedSeconds?: number | undefined;
};

export const MISSING = ['two_factors', 'passkey', 'recent_sign_in', 'terms', 'attributes'] as const;
export type Missing = (typeof MISSING)[number];

/** Of these, what only another sign-in gives. */
export const lacksFactors = (missing: readonly Missing[]): boolean =>
  missing.includes('two_factors') || missing.includes('passkey');

/** What a sign-in lacks of what is asked. */
export function missingOf(verdict: Verdict, signedIn: SignedIn): readonly Missing[] {
  const { factors } = verdict;
  return [
    ...(factors === undefined || hasFactors(factors, signedIn.amr) ? [] : [factors]),
    ...(isOver(verdict, signedIn) ? (['recent_sign_in'] as const) : []),
  ];
}

const isOver = (
  { maxAgeSeconds, sessionLifetimeSeconds, sessionIdleSeconds }: Verdict,
  { secondsAgo, unusedSeconds = 0 }: SignedIn,
): boolean =>
  secondsAgo > (maxAgeSeconds ?? secondsAgo) ||
  secondsAgo > (sessionLifetimeSeconds ?? secondsAgo) ||
  unusedSeconds > (sessionIdleSeconds ?? unusedSeconds);

const hasFactors = (factors: Factors, amr: readonly string[]): boolean =>
  factors === 'two_factors' ? amr.includes('mfa') : amr.includes('hwk') || amr.includes('swk');
