import type { Context, Middleware } from 'koa';
import { IntegratePage } from '../../../views/integrate.tsx';
import { isProblemKind, ProblemPage } from '../../../views/problem.tsx';
import { type PersonSummary, sitePaths } from '../../../views/site.ts';
import { type ExampleApp, StartPage } from '../../../views/start.tsx';
import { findUser } from '../../domain/users/find-user.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { answerPage } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { refuseMethod } from '../http/refuse-method.tsx';

export type StartParts = {
  readonly issuer: string;
  /** Undefined when nobody, or nobody active, is signed in. */
  readonly findSession: (ctx: Context) => Promise<{ readonly accountId: string } | undefined>;
  readonly read: Reader;
  /** Where "Sign in" leads. */
  readonly signInUrl: string;
  /** Whether an administrator can sign in already; until then the page says how the first one gets in. */
  readonly isSetUp: () => Promise<boolean>;
  readonly examples: readonly ExampleApp[];
  /** Whether mails are kept and shown at /dev/mail instead of being sent. */
  readonly keepsMail: boolean;
};

const NEW_LINK_COMMAND = 'npm run doorward -- users reset-password <user name>';
const PROBLEM_PATH = /^\/problems\/([\w.]{1,64})$/;

/** The pages around the flows: start, how to connect an app, what a problem means. */
export function startEndpoints(parts: StartParts): Middleware {
  const pages: Readonly<Record<string, (ctx: Context) => Promise<void>>> = {
    [sitePaths.home]: (ctx) => showStart(ctx, parts),
    [sitePaths.integrate]: (ctx) => showIntegrate(ctx, parts),
  };
  return async (ctx, next) => {
    const page = Object.hasOwn(pages, ctx.path) ? pages[ctx.path] : undefined;
    const [, kind] = PROBLEM_PATH.exec(ctx.path) ?? [];
    if (!page && (kind === undefined || !isProblemKind(kind))) return next();
    ctx.state.route = page ? ctx.path : '/problems/:kind';
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return refuseMethod(ctx, 'GET, HEAD');
    if (page) return page(ctx);
    if (kind !== undefined && isProblemKind(kind)) {
      answerPage(ctx, <ProblemPage kind={kind} type={`${parts.issuer}/problems/${kind}`} />);
    }
  };
}

const discoveryUrl = (issuer: string): string => `${issuer}/.well-known/openid-configuration`;

async function signedInPerson(ctx: Context, { findSession, read }: StartParts): Promise<PersonSummary | undefined> {
  const session = await findSession(ctx);
  const user = session && (await findUser(read, session.accountId));
  return user && addressee(ctx, user);
}

async function showStart(ctx: Context, parts: StartParts): Promise<void> {
  const { issuer, signInUrl, examples } = parts;
  const [person, isSetUp] = await Promise.all([signedInPerson(ctx, parts), parts.isSetUp()]);
  answerPage(
    ctx,
    <StartPage
      issuer={issuer}
      discoveryUrl={discoveryUrl(issuer)}
      signInUrl={signInUrl}
      person={person}
      setUp={isSetUp ? { state: 'ready' } : { state: 'administrator_missing', newLinkCommand: NEW_LINK_COMMAND }}
      examples={examples}
      keepsMail={parts.keepsMail}
    />,
  );
}

async function showIntegrate(ctx: Context, parts: StartParts): Promise<void> {
  const person = await signedInPerson(ctx, parts);
  answerPage(ctx, <IntegratePage issuer={parts.issuer} discoveryUrl={discoveryUrl(parts.issuer)} person={person} />);
}
