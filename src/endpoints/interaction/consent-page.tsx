import { ConsentPage, type ConsentResourceServer, type ConsentScope } from '../../../views/consent.tsx';
import { type Consent, findConsent } from '../../domain/clients/consents.ts';
import { answerPage } from '../http/answer-page.ts';
import { csrfTokenOf } from './csrf.ts';
import type { PendingInteraction, Step } from './parts.ts';
import { rememberReturn } from './return-cookie.ts';
import { clientSummary, signedInPerson } from './summaries.ts';

/** False when nobody is signed in any more, and so nobody can be asked. */
export async function showConsent(step: Step, problem?: 'form_expired'): Promise<boolean> {
  const { ctx, parts, pending } = step;
  const person = await signedInPerson(step);
  if (!person || pending.accountId === undefined) return false;
  const path = `/interaction/${pending.uid}`;
  const csrfToken = csrfTokenOf(parts.csrfKey, pending);
  const before = await findConsent(parts.authentication.read, {
    userId: pending.accountId,
    clientId: pending.clientId,
  });
  rememberReturn(ctx, parts, pending.uid, { clientId: pending.clientId, state: 'open' });
  answerPage(
    ctx,
    <ConsentPage
      form={{ action: `${path}/consent`, csrfToken }}
      client={clientSummary(pending) ?? { name: pending.clientName }}
      person={person}
      scopes={scopesShown(pending, before)}
      claims={pending.missing.claims}
      resourceServers={await resourceServersShown(step, before)}
      switchAccount={{ action: `${path}/switch`, csrfToken }}
      problem={problem}
    />,
    problem ? 422 : 200,
  );
  return true;
}

const requestedScopes = ({ params }: PendingInteraction): string[] =>
  typeof params.scope === 'string' ? params.scope.split(' ').filter(Boolean) : [];

/** What is new, and what was allowed before and is asked for again (`prompt=consent`). Nothing else would be granted. */
function scopesShown(pending: PendingInteraction, before: Consent | undefined): ConsentScope[] {
  const allowed = new Set(before?.scopes);
  const again = requestedScopes(pending).filter((scope) => allowed.has(scope));
  return [...new Set([...again, ...pending.missing.scopes])].map((value) => ({
    value,
    isNew: before !== undefined && !allowed.has(value),
  }));
}

async function resourceServersShown(
  { parts, pending }: Step,
  before: Consent | undefined,
): Promise<ConsentResourceServer[]> {
  const requested = new Set(requestedScopes(pending));
  const resources = new Set([...Object.keys(pending.missing.resourceScopes), ...requestedResources(pending)]);
  const shown = await Promise.all(
    [...resources].map(async (identifier) => {
      const server = await parts.resourceServers.find(identifier);
      const allowed = new Set(before?.resourceScopes[identifier]);
      const again = [...allowed].filter((value) => requested.has(value));
      const values = new Set([...again, ...(pending.missing.resourceScopes[identifier] ?? [])]);
      const permissions = [...values].map((value) => ({
        value,
        description: server?.permissions.get(value),
        isNew: before !== undefined && !allowed.has(value),
      }));
      return { identifier, name: server?.name ?? identifier, permissions };
    }),
  );
  return shown.filter(({ permissions }) => permissions.length > 0);
}

/** RFC 8707 §2: one or several. */
function requestedResources({ params: { resource } }: PendingInteraction): string[] {
  const all: readonly unknown[] = Array.isArray(resource) ? resource : [resource];
  return all.filter((one): one is string => typeof one === 'string');
}
