import type { VNode } from 'preact';
import { ConsentPage } from '../consent.tsx';
import { recoveryMail } from '../email/recovery.ts';
import { renderMail } from '../email/render-mail.tsx';
import { LoginPage } from '../login/login.tsx';
import type { Look } from '../look.ts';
import { renderPage } from '../render.ts';
import { sitePaths } from '../site.ts';
import { AccountHomePage } from './home.tsx';

const form = { action: sitePaths.brandingPreview };
const MINIMUM_LENGTH = 8;
const LINK_SECONDS = 1800;

export const samplePages = ['signIn', 'consent', 'account', 'mail'] as const;
export type SamplePage = (typeof samplePages)[number];

/** What people see first, as whole documents; of nobody, and leading nowhere. */
export function sampleDocuments(look: Look, host: string): Readonly<Record<SamplePage, string>> {
  const { samplePerson, sampleApplication } = look.catalogue.page('brandingPreview');
  const person = { displayName: samplePerson, userName: 'alice@example.com', email: 'alice@example.com' };
  const client = { name: sampleApplication, destination: 'app.example.com' };
  const draw = (page: VNode) => renderPage(page, look);
  const { catalogue } = look;
  const mail = recoveryMail({
    ...{ catalogue, person: samplePerson, host, userName: person.userName },
    ...{ url: `https://${host}${sitePaths.account}`, lifetimeSeconds: LINK_SECONDS },
  });
  return {
    signIn: draw(<LoginPage form={form} client={client} forgotPasswordUrl={sitePaths.forgotPassword} cancel={form} />),
    consent: draw(
      <ConsentPage
        form={form}
        client={client}
        person={person}
        scopes={[{ value: 'openid' }, { value: 'profile' }, { value: 'email' }]}
        claims={[]}
        resourceServers={[]}
        switchAccount={form}
      />,
    ),
    account: draw(
      <AccountHomePage person={person} hasVerifiedEmail={true} changePassword={form} minimumLength={MINIMUM_LENGTH} />,
    ),
    mail: renderMail(look, mail, host).html,
  };
}
