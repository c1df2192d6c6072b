import { explainClientPermission, explainUserPermission } from '../domain/access/explain-permission.ts';
import { explainToken, type TokenExplanation } from '../domain/access/explain-token.ts';
import type { ExplainedPath, Explanation } from '../domain/access/explanation.ts';
import { getAccessToken } from '../domain/sessions/find-access-token.ts';
import { createSignedAccessTokens } from '../domain/sessions/signed-access-tokens.ts';
import { argument, asJson, type Command, CommandFailed, isSet, jsonOption, textOf } from './command.ts';
import { personNamed } from './named.ts';
import { workOn } from './work-on.ts';

const explain: Command = {
  name: 'explain',
  usage: 'USERNAME PERMISSION [--resource URI] [--client] [--json]',
  summary: 'Say why a person (or with --client, a client) has a permission, or why not',
  arguments: ['USERNAME', 'PERMISSION'],
  options: { ...jsonOption, resource: { type: 'string' }, client: { type: 'boolean' } },
  run: (invocation) =>
    workOn(invocation, 'explain', async ({ read }) => {
      const { values } = invocation;
      const name = argument(invocation, 0);
      const input = { permission: argument(invocation, 1), resource: textOf(values.resource), at: new Date() };
      const explanation = isSet(values.client)
        ? await explainClientPermission(read, { clientId: name, ...input })
        : await explainUserPermission(read, { userId: (await personNamed(read, name)).id, ...input });
      if (isSet(values.json)) await invocation.say(asJson(explanation));
      else for (const line of wordsOf(explanation)) await invocation.say(line);
      return 0;
    }),
};

function wordsOf({ subject, permission, held, paths, misses, truncated }: Explanation): readonly string[] {
  return [
    `${subject.name} ${held ? 'has' : 'does not have'} ${permission}.`,
    ...paths.map((path) => `  ${pathOf(path)}`),
    ...misses.map(({ detail }) => `  ${detail}`),
    ...(truncated ? ['  … and more ways than are shown'] : []),
  ];
}

const STATES = { in_force: 'in force', not_started: 'not begun', ended: 'ended' } as const;

function pathOf({ steps, resource, state, startsAt, endsAt, reason }: ExplainedPath): string {
  const way = steps.map(({ type, name }, index) => (index === 0 ? name : `${type} ${name}`)).join(' → ');
  const period = [
    startsAt && `from ${startsAt.toISOString()}`,
    endsAt && `until ${endsAt.toISOString()}`,
    reason && `because ${reason}`,
  ];
  return [`${way} of ${resource} (${STATES[state]})`, ...period.filter((part) => typeof part === 'string')].join(', ');
}

const explainTokenCommand: Command = {
  name: 'tokens explain',
  usage: '[--client CLIENT_ID] [--json] < FILE',
  summary: 'Say what an access token permits, and which assignments give it',
  details: ['The token is read from standard input: whatever stands in a command line can be read by others.'],
  options: { ...jsonOption, client: { type: 'string' } },
  run: (invocation) =>
    workOn(invocation, 'tokens explain', async ({ read, keys, configuration: { issuer } }) => {
      const token = (await invocation.terminal.readInput()).trim();
      if (token === '') throw new CommandFailed('Standard input holds no token.');
      const at = new Date();
      const signed = createSignedAccessTokens({ issuer, keyRing: (await keys()).ring });
      const clientId = textOf(invocation.values.client);
      const found = await getAccessToken({ read, signed }, { token, clientId, at });
      const explanation = await explainToken(read, { token: found, at });
      if (isSet(invocation.values.json)) await invocation.say(asJson(explanation));
      else for (const line of wordsOfToken(explanation)) await invocation.say(line);
      return 0;
    }),
};

function wordsOfToken(token: TokenExplanation): readonly string[] {
  const { clientId, userId, resource, scopes, expiresAt, ends, permissions } = token;
  return [
    `A token of the client ${clientId}${userId === undefined ? ' for itself' : ` for user ${userId}`}, for ${resource ?? 'userinfo'}, until ${expiresAt.toISOString()}.`,
    `  scope: ${scopes.join(' ')}`,
    ...ends.map(({ detail }) => `  does not count any more: ${detail}`),
    ...permissions.flatMap(wordsOf),
  ];
}

export const explainCommands: readonly Command[] = [explain, explainTokenCommand];
