import { createAccessLookup } from '../domain/access/access-lookup.ts';
import { updatePolicy } from '../domain/policy/change-policy.ts';
import { createDecideSignIn } from '../domain/policy/decide-sign-in.ts';
import type { PolicyReading } from '../domain/policy/evaluate-policies.ts';
import { explainSignIn, type SignInExplanation } from '../domain/policy/explain-sign-in.ts';
import { listPolicies, type Policy } from '../domain/policy/policy.ts';
import { loadPolicies } from '../domain/policy/policy-lookup.ts';
import { operatorActor } from '../kernel/actor.ts';
import { systemClock } from '../kernel/clock.ts';
import { comparisonKey } from '../kernel/text.ts';
import { argument, asJson, type Command, CommandFailed, isSet, jsonOption, textOf } from './command.ts';
import { personNamed } from './named.ts';
import { showTable } from './show-table.ts';
import { workOn } from './work-on.ts';

const list: Command = {
  name: 'policies list',
  usage: '[--json]',
  summary: 'List sign-in policies',
  options: jsonOption,
  run: (invocation) =>
    workOn(invocation, 'policies list', async ({ read }) => {
      await showTable(invocation, await listPolicies(read), [
        ['POLICY', ({ name }) => name],
        ['FOR', levelOf],
        ['STATE', ({ enabled }) => (enabled ? 'on' : 'off')],
        ['RULES', ({ rules }) => rules.map(({ effect }) => effect).join(', ')],
      ]);
      return 0;
    }),
};

const levelOf = ({ organizationId, clientId }: Policy): string =>
  clientId === null ? (organizationId === null ? 'everybody' : `organization ${organizationId}`) : `client ${clientId}`;

const explain: Command = {
  name: 'policies explain',
  usage: 'USERNAME CLIENT_ID [--address IP] [--new-browser] [--json]',
  summary: 'Say what the policies ask of a person at an application, and which rule asks it',
  details: ['Without --address, rules about networks are read in the person’s favour. Nothing happens.'],
  arguments: ['USERNAME', 'CLIENT_ID'],
  options: { ...jsonOption, address: { type: 'string' }, 'new-browser': { type: 'boolean' } },
  run: (invocation) =>
    workOn(invocation, 'policies explain', async ({ read }) => {
      const { values } = invocation;
      const never = { subscribe: () => () => undefined, isLive: false };
      const decide = createDecideSignIn({
        read,
        clock: systemClock,
        access: createAccessLookup({ read, changes: never }),
        policies: { all: () => loadPolicies(read) },
      });
      const explanation = await explainSignIn(read, decide, {
        userId: (await personNamed(read, argument(invocation, 0))).id,
        clientId: argument(invocation, 1),
        ipAddress: textOf(values.address),
        browser: { isKnown: !isSet(values['new-browser']) },
      });
      if (isSet(values.json)) await invocation.say(asJson(explanation));
      else for (const line of wordsOf(explanation)) await invocation.say(line);
      return 0;
    }),
};

const LIMITS = {
  maxAgeSeconds: (seconds) => `a sign-in of the last ${seconds} seconds`,
  changesMaxAgeSeconds: (seconds) => `a sign-in of the last ${seconds} seconds for changes of how one signs in`,
  sessionLifetimeSeconds: (seconds) => `sessions of at most ${seconds} seconds`,
  sessionIdleSeconds: (seconds) => `sessions used in the last ${seconds} seconds`,
  rememberBrowserDays: (days) => (days === 0 ? 'no trusted browsers' : `browsers trusted for at most ${days} days`),
  passwordMinimumLength: (length) => `passwords of ${length} characters`,
} satisfies Partial<Record<keyof SignInExplanation['requires'], (limit: number) => string>>;

const limitsOf = (requires: SignInExplanation['requires']): readonly string[] =>
  (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).flatMap((name) => {
    const limit = requires[name];
    return limit === undefined ? [] : [LIMITS[name](limit)];
  });

function wordsOf({ decision, reason, requires, askedBy, policies }: SignInExplanation): readonly string[] {
  const asked = [
    ...(requires.factors === undefined ? [] : [requires.factors === 'passkey' ? 'a passkey' : 'two factors']),
    ...requires.terms.map(({ title, version }) => `consent to ${title} ${version}`),
    ...requires.attributes,
    ...limitsOf(requires),
    ...(requires.passwordRefusesNames ? ['passwords without names'] : []),
  ];
  const summary =
    decision === 'denied' ? `Denied: ${reason}` : `Asked for: ${asked.length > 0 ? asked.join(', ') : 'nothing more'}.`;
  const because = askedBy.map(
    ({ requirement, policyName, rule }) => `  ${requirement}: asked by ${policyName}, rule ${rule + 1}`,
  );
  return [
    summary,
    ...because,
    ...policies.flatMap(({ policyName, rules }) => [`  ${policyName}`, ...rules.map(ruleOf)]),
  ];
}

const OUTCOMES = {
  holds: 'holds',
  does_not_hold: 'does not hold',
  not_known: 'is not known',
  not_read: 'is not read: a rule above has decided',
} as const;

function ruleOf({ index, effect, description, outcome, condition }: PolicyReading['rules'][number]): string {
  const which = `    ${index + 1}. ${effect}${description === undefined ? '' : ` (${description})`}`;
  return `${which} ${OUTCOMES[outcome]}${condition === undefined ? '' : `: ${condition}`}`;
}

/** For whoever has locked themselves out with a rule of their own. */
const turn = (word: 'disable' | 'enable', enabled: boolean): Command => ({
  name: `policies ${word}`,
  usage: 'NAME',
  summary: `Turn a sign-in policy ${enabled ? 'on' : 'off'}`,
  arguments: ['NAME'],
  run: (invocation) =>
    workOn(invocation, `policies ${word}`, async ({ read, transact }) => {
      const name = argument(invocation, 0);
      const key = comparisonKey(name);
      const found = (await listPolicies(read)).filter(
        (policy) => comparisonKey(policy.name) === key || policy.id === name,
      );
      const [policy] = found;
      if (policy === undefined) throw new CommandFailed(`There is no policy ${name}.`);
      if (found.length > 1) throw new CommandFailed(`Several organizations have a policy ${name}: say its id.`);
      await transact(operatorActor(`policies ${word}`), (tx) =>
        updatePolicy(tx, { id: policy.id, patch: { enabled } }),
      );
      await invocation.say(`The policy ${policy.name} is ${enabled ? 'on' : 'off'}.`);
      return 0;
    }),
});

export const policyCommands: readonly Command[] = [list, explain, turn('disable', false), turn('enable', true)];
