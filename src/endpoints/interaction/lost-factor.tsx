import { FactorRecoveryBegunPage, LostFactorPage, type LostFactorProblem } from '../../../views/login/lost-factor.tsx';
import { requestFactorRecovery } from '../../domain/lifecycle/recover-second-factor.ts';
import { findUser } from '../../domain/users/find-user.ts';
import { answerPage, seeOther, visitorOf } from '../http/answer-page.ts';
import { momentInWords } from '../http/moment-in-words.ts';
import { addressee } from '../http/person-summary.ts';
import { catalogueFor } from '../http/present-pages.ts';
import { csrfTokenOf, hasCsrfToken } from './csrf.ts';
import { type FoundFirst, findFirstOfRecovery } from './first-factor.ts';
import { showLogin } from './login-page.tsx';
import type { Step } from './parts.ts';

/** POST `start=yes`: begins the waiting, and signs nobody in. */
export async function lostFactor(step: Step, form: Readonly<Record<string, string>>): Promise<void> {
  const { ctx, parts, pending } = step;
  const first = await findFirstOfRecovery(step);
  // Nobody has shown a first factor here, or nobody may wait: the form answers nothing (SECURITY-LESSONS 23, 24).
  if (!first || parts.factorRecoveryDays === 0) return seeOther(ctx, `/interaction/${pending.uid}`);
  if (!hasCsrfToken(parts.csrfKey, pending, form)) return showLostFactor(step, first, 'form_expired');
  if (form.start !== 'yes') return showLostFactor(step, first);
  const begun = await requestFactorRecovery(parts.authentication, visitorOf(ctx, pending.clientId), {
    first: first.proof,
    days: parts.factorRecoveryDays,
  });
  if (begun.kind === 'ended') return showLogin(step, { problem: { kind: 'form_expired' } });
  if (begun.kind !== 'started') return showLostFactor(step, first, begun.kind);
  const user = await findUser(parts.authentication.read, first.userId);
  if (user) addressee(ctx, user);
  const when = momentInWords(catalogueFor(ctx), user ?? {}, begun.ripeAt);
  answerPage(ctx, <FactorRecoveryBegunPage when={when} isPasskey={first.isToPasskey === true} />);
}

export async function showLostFactor(step: Step, first: FoundFirst, problem?: LostFactorProblem): Promise<void> {
  const { ctx, parts, pending } = step;
  const path = `/interaction/${pending.uid}`;
  const user = await findUser(parts.authentication.read, first.userId);
  if (!user || parts.factorRecoveryDays === 0) return seeOther(ctx, path);
  answerPage(
    ctx,
    <LostFactorPage
      person={addressee(ctx, user)}
      isPasskey={first.isToPasskey === true}
      days={parts.factorRecoveryDays}
      form={{ action: `${path}/lost-factor`, csrfToken: csrfTokenOf(parts.csrfKey, pending) }}
      backUrl={path}
      problem={problem}
    />,
    problem === undefined ? 200 : 422,
  );
}
