import type { CompiledPolicy, CompiledRule } from './compile-policy.ts';
import type { Factors, Rule, TermsDocument } from './policy-rule.ts';
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

export type Verdict = {
  /** Whatever else is said. */
  readonly denied: { readonly policyId: string; readonly rule: number; readonly reason: string } | undefined;
  readonly factors: Factors | undefined;
  readonly maxAgeSeconds: number | undefined;
  readonly terms: readonly TermsDocument[];
  readonly attributes: readonly string[];
};

export const UNRESTRICTED: Verdict = {
  denied: undefined,
  factors: undefined,
  maxAgeSeconds: undefined,
  terms: [],
  attributes: [],
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

function stricter(verdict: Verdict, { id: policyId }: CompiledPolicy, rule: CompiledRule, index: number): Verdict {
  if (rule.effect === 'deny')
    return { ...verdict, denied: verdict.denied ?? { policyId, rule: index, reason: rule.reason } };
  if (rule.effect === 'allow') return verdict;
  const { factors, maxAgeSeconds, terms = [], attributes = [] } = rule.requirements;
  return {
    ...verdict,
    factors: verdict.factors === 'passkey' ? 'passkey' : (factors ?? verdict.factors),
    maxAgeSeconds: least(verdict.maxAgeSeconds, maxAgeSeconds),
    terms: [...verdict.terms, ...terms.filter((one) => !verdict.terms.some((other) => isSame(one, other)))],
    attributes: [...new Set([...verdict.attributes, ...attributes])],
  };
}

const isSame = (one: TermsDocument, other: TermsDocument): boolean =>
  one.document === other.document && one.version === other.version;

const least = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined ? other : Math.min(one, other ?? one);

/** How somebody signed in: RFC 8176, and how long ago. */
export type SignedIn = { readonly amr: readonly string[]; readonly secondsAgo: number };

export const MISSING = ['two_factors', 'passkey', 'recent_sign_in', 'terms', 'attributes'] as const;
export type Missing = (typeof MISSING)[number];

/** Of these, what only another sign-in gives. */
export const lacksFactors = (missing: readonly Missing[]): boolean =>
  missing.includes('two_factors') || missing.includes('passkey');

/** What a sign-in lacks of what is asked. */
export function missingOf({ factors, maxAgeSeconds }: Verdict, { amr, secondsAgo }: SignedIn): readonly Missing[] {
  return [
    ...(factors === undefined || hasFactors(factors, amr) ? [] : [factors]),
    ...(maxAgeSeconds !== undefined && secondsAgo > maxAgeSeconds ? (['recent_sign_in'] as const) : []),
  ];
}

const hasFactors = (factors: Factors, amr: readonly string[]): boolean =>
  factors === 'two_factors' ? amr.includes('mfa') : amr.includes('hwk') || amr.includes('swk');
