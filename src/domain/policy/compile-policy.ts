import ipaddr from 'ipaddr.js';
import type { Policy } from './policy.ts';
import type { Conditions, Rule } from './policy-rule.ts';
import type { SignInFacts } from './sign-in-facts.ts';
import { RISKS } from './sign-in-risk.ts';

type Test = (facts: SignInFacts) => boolean | undefined;

export type CompiledRule = Rule & {
  readonly tests: readonly { readonly condition: keyof Conditions; readonly test: Test }[];
};

export type CompiledPolicy = Pick<Policy, 'id' | 'name' | 'organizationId' | 'clientId'> & {
  readonly rules: readonly CompiledRule[];
};

export const compilePolicy = ({ id, name, organizationId, clientId, rules }: Policy): CompiledPolicy => ({
  id,
  name,
  organizationId,
  clientId,
  rules: rules.map((rule) => ({ ...rule, tests: testsOf(rule.when) })),
});

const tests: { readonly [Name in keyof Conditions]-?: (wanted: NonNullable<Conditions[Name]>) => Test } = {
  clients: anyOf(({ clientId }) => new Set([clientId])),
  organizations: anyOf(({ organizationIds }) => organizationIds),
  roles: anyOf(({ roles }) => roles),
  groups: anyOf(({ groups }) => groups),
  networks: (wanted) => within(wanted, (isWithin) => isWithin),
  outsideNetworks: (wanted) => within(wanted, (isWithin) => !isWithin),
  knownBrowser:
    (wanted) =>
    ({ knownBrowser }) =>
      knownBrowser === undefined ? undefined : knownBrowser === wanted,
  risk:
    (wanted) =>
    ({ risk }) =>
      risk === undefined ? undefined : RISKS.indexOf(risk) >= RISKS.indexOf(wanted),
  signedInMoreThanSecondsAgo:
    (wanted) =>
    ({ signedInSecondsAgo }) =>
      signedInSecondsAgo === undefined ? undefined : signedInSecondsAgo > wanted,
};

const testsOf = (when: Conditions): CompiledRule['tests'] =>
  Object.entries(when).map(([name, wanted]) => {
    const condition = name as keyof Conditions;
    return { condition, test: (tests[condition] as (wanted: unknown) => Test)(wanted) };
  });

function anyOf(has: (facts: SignInFacts) => ReadonlySet<string>): (wanted: readonly string[]) => Test {
  return (wanted) => (facts) => wanted.some((one) => has(facts).has(one));
}

type Range = ReturnType<typeof ipaddr.parseCIDR>;

function within(wanted: readonly string[], judge: (isWithin: boolean) => boolean): Test {
  const ranges = wanted.map(rangeOf);
  return ({ ipAddress }) => {
    if (ipAddress === undefined || !ipaddr.isValid(ipAddress)) return undefined;
    // IPv4 in IPv6's clothes is IPv4 (RFC 4291 §2.5.5.2).
    const address = ipaddr.process(ipAddress);
    return judge(ranges.some((range) => range[0].kind() === address.kind() && address.match(range as never)));
  };
}

function rangeOf(text: string): Range {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
