import type { Context, Middleware } from 'koa';
import { sitePaths } from '../../../views/site.ts';
import { ACCOUNT_CALLBACK_PATH } from '../../domain/clients/account-client.ts';
import { SET_PASSWORD_PATH } from '../../domain/credentials/set-password-url.ts';
import { VERIFY_EMAIL_PATH } from '../../domain/credentials/verify-email-url.ts';
import { looksAfterGroups } from '../../domain/groups/group-owners.ts';
import { DomainError } from '../../kernel/errors.ts';
import { seeOther } from '../http/answer-page.ts';
import { refuseMethod } from '../http/refuse-method.tsx';
import { activity } from './activity.tsx';
import { applications, withdrawApplication } from './applications.tsx';
import { brandingPreview, previewBranding } from './branding-preview.tsx';
import { changePassword } from './change-password.ts';
import { data, deleteAccount, exportData } from './data.tsx';
import { devices, endOtherSessionsHere, endSessionHere, endTrustHere } from './devices.tsx';
import { cancelOwnEmailChange, changeEmail, email } from './email.tsx';
import { confirmEmailByLink, showConfirmEmailChange, showUndoEmailChange, undoEmailByLink } from './email-links.tsx';
import { answerFactorRecovery, showFactorRecovery, stopFactorRecoveryHere } from './factor-recovery.tsx';
import { showHome } from './home.tsx';
import { showNotMe, takeBackByLink } from './not-me.tsx';
import { addToGroupHere, ownGroups, removeFromGroupHere } from './own-groups.tsx';
import type { AccountParts } from './parts.ts';
import { addOwnPasskey, passkeys, removeOwnPasskey, renameOwnPasskey } from './passkeys.tsx';
import { profile, saveProfile } from './profile.tsx';
import { newRecoveryCodes, removeAuthenticatorApp, secondFactors } from './second-factors.tsx';
import { setPasswordByLink, showSetPassword } from './set-password.tsx';
import { offerTotp, setUpTotp } from './set-up-totp.tsx';
import { finishSignIn, SIGN_IN_PATH, startSignIn } from './sign-in.ts';
import { askForVerification, showVerifyEmail, verifyEmailByLink } from './verify-email.tsx';

type Handler = (ctx: Context, parts: AccountParts) => Promise<void> | void;

const pages: Readonly<Record<string, { readonly get: Handler; readonly post?: Handler }>> = {
  [sitePaths.account]: { get: home },
  [sitePaths.changePassword]: { get: to(sitePaths.account), post: changePassword },
  [sitePaths.email]: { get: email, post: changeEmail },
  [sitePaths.cancelEmailChange]: { get: to(sitePaths.email), post: cancelOwnEmailChange },
  [sitePaths.confirmEmailChange]: { get: showConfirmEmailChange, post: confirmEmailByLink },
  [sitePaths.undoEmailChange]: { get: showUndoEmailChange, post: undoEmailByLink },
  [sitePaths.notMe]: { get: showNotMe, post: takeBackByLink },
  [sitePaths.factorRecovery]: { get: showFactorRecovery, post: answerFactorRecovery },
  [sitePaths.stopFactorRecovery]: { get: to(sitePaths.account), post: stopFactorRecoveryHere },
  [sitePaths.secondFactors]: { get: secondFactors },
  [sitePaths.setUpTotp]: { get: offerTotp, post: setUpTotp },
  [sitePaths.removeTotp]: { get: to(sitePaths.secondFactors), post: removeAuthenticatorApp },
  [sitePaths.recoveryCodes]: { get: to(sitePaths.secondFactors), post: newRecoveryCodes },
  [sitePaths.devices]: { get: devices },
  [sitePaths.endSession]: { get: to(sitePaths.devices), post: endSessionHere },
  [sitePaths.endTrust]: { get: to(sitePaths.devices), post: endTrustHere },
  [sitePaths.endOtherSessions]: { get: to(sitePaths.devices), post: endOtherSessionsHere },
  [sitePaths.applications]: { get: applications },
  [sitePaths.withdrawApplication]: { get: to(sitePaths.applications), post: withdrawApplication },
  [sitePaths.ownGroups]: { get: ownGroups },
  [sitePaths.addToOwnGroup]: { get: to(sitePaths.ownGroups), post: addToGroupHere },
  [sitePaths.removeFromOwnGroup]: { get: to(sitePaths.ownGroups), post: removeFromGroupHere },
  [sitePaths.activity]: { get: activity },
  [sitePaths.profile]: { get: profile, post: saveProfile },
  [sitePaths.passkeys]: { get: passkeys, post: addOwnPasskey },
  [sitePaths.renamePasskey]: { get: to(sitePaths.passkeys), post: renameOwnPasskey },
  [sitePaths.removePasskey]: { get: to(sitePaths.passkeys), post: removeOwnPasskey },
  [sitePaths.brandingPreview]: { get: brandingPreview, post: previewBranding },
  [sitePaths.data]: { get: data },
  [sitePaths.exportData]: { get: to(sitePaths.data), post: exportData },
  [sitePaths.deleteAccount]: { get: to(sitePaths.data), post: deleteAccount },
  [SIGN_IN_PATH]: { get: (ctx, parts) => startSignIn(ctx, parts) },
  [ACCOUNT_CALLBACK_PATH]: { get: finishSignIn },
  [sitePaths.requestVerification]: { get: to(sitePaths.account), post: askForVerification },
  [VERIFY_EMAIL_PATH]: { get: showVerifyEmail, post: verifyEmailByLink },
  [SET_PASSWORD_PATH]: { get: showSetPassword, post: setPasswordByLink },
};

/** Where something is posted to; the test of who may asks for each. */
export const accountForms: readonly string[] = Object.keys(pages).filter((path) => pages[path]?.post !== undefined);

/** `/account` and what belongs to it: the pages on which people look after themselves. */
export function accountEndpoints(given: AccountParts): Middleware {
  const parts = { ...given, findSession: notingOwnGroups(given) };
  return async (ctx, next) => {
    const page = Object.hasOwn(pages, ctx.path) ? pages[ctx.path] : undefined;
    if (!page) return next();
    ctx.state.route = ctx.path;
    const handler =
      ctx.method === 'POST' ? page.post : ctx.method === 'GET' || ctx.method === 'HEAD' ? page.get : undefined;
    if (!handler) return refuseMethod(ctx, page.post ? 'GET, HEAD, POST' : 'GET, HEAD');
    try {
      await handler(ctx, parts);
    } catch (error) {
      // The account was taken back, or this session ended, while the form was on its way.
      if (!(error instanceof DomainError) || error.code !== 'sessions.signed_out') throw error;
      startSignIn(ctx, parts);
    }
  };
}

/** The way to the groups that somebody looks after is on all their pages. */
const notingOwnGroups =
  ({ findSession, authentication: { read } }: AccountParts): AccountParts['findSession'] =>
  async (ctx) => {
    const session = await findSession(ctx);
    if (session) ctx.state.looksAfterGroups = await looksAfterGroups(read, session.accountId);
    return session;
  };

/** Whoever reloads where a form was posted to is shown the page it was on. */
function to(path: string): Handler {
  return (ctx) => seeOther(ctx, path);
}

async function home(ctx: Context, parts: AccountParts): Promise<void> {
  const session = await parts.findSession(ctx);
  if (!session) return startSignIn(ctx, parts);
  await showHome(ctx, parts, session);
}
