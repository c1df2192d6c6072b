import type { VNode } from 'preact';
import { ActivityPage } from '../../../views/account/activity.tsx';
import { ApplicationsPage } from '../../../views/account/applications.tsx';
import { BrandingPreviewPage } from '../../../views/account/branding-preview.tsx';
import { ConfirmEmailPage, EmailConfirmedPage } from '../../../views/account/confirm-email.tsx';
import { AccountDeletedPage, DataPage } from '../../../views/account/data.tsx';
import { DevicesPage } from '../../../views/account/devices.tsx';
import { EmailPage } from '../../../views/account/email.tsx';
import {
  ConfirmEmailChangePage,
  EmailChangeConfirmedPage,
  EmailChangeUndonePage,
  UndoEmailChangePage,
} from '../../../views/account/email-links.tsx';
import { FactorRecoveryEndedPage, FactorRecoveryPage } from '../../../views/account/factor-recovery.tsx';
import { AccountHomePage } from '../../../views/account/home.tsx';
import { AccountTakenBackPage, NotMePage } from '../../../views/account/not-me.tsx';
import { OwnGroupPage, OwnGroupsPage } from '../../../views/account/own-groups.tsx';
import { PasskeysPage } from '../../../views/account/passkeys.tsx';
import { ProfilePage } from '../../../views/account/profile.tsx';
import { RecoveryCodesPage } from '../../../views/account/recovery-codes.tsx';
import { SecondFactorsPage } from '../../../views/account/second-factors.tsx';
import { SetUpTotpPage } from '../../../views/account/set-up-totp.tsx';
import { ApiReferencePage } from '../../../views/api-reference/page.tsx';
import { ConsentPage } from '../../../views/consent.tsx';
import { MailPage } from '../../../views/dev/mail.tsx';
import { MailListPage } from '../../../views/dev/mail-list.tsx';
import { ConfirmDevicePage } from '../../../views/device/confirm-device.tsx';
import { DeviceDonePage } from '../../../views/device/device-done.tsx';
import { EnterCodePage } from '../../../views/device/enter-code.tsx';
import { ErrorPage } from '../../../views/error.tsx';
import { FormPostPage } from '../../../views/form-post.tsx';
import { IntegratePage } from '../../../views/integrate.tsx';
import { InteractionExpiredPage } from '../../../views/interaction-expired.tsx';
import { JoinedOrganizationPage, JoinOrganizationPage } from '../../../views/invitation/join-organization.tsx';
import { AgreementPage } from '../../../views/login/agreement.tsx';
import { CodePage } from '../../../views/login/code.tsx';
import { EmailCodePage, EmailLinkElsewherePage, EmailLinkPage, EmailSignInPage } from '../../../views/login/email.tsx';
import { LoginPage } from '../../../views/login/login.tsx';
import { FactorRecoveryBegunPage, LostFactorPage } from '../../../views/login/lost-factor.tsx';
import { OfferedCodesPage, PasskeyOfferPage } from '../../../views/login/passkey-offer.tsx';
import { PolicyDeniedPage, PolicyFactorPage } from '../../../views/login/policy-hold.tsx';
import { ConfirmLogoutPage } from '../../../views/logout/confirm-logout.tsx';
import { SignedOutPage } from '../../../views/logout/signed-out.tsx';
import { ProblemPage } from '../../../views/problem.tsx';
import { ReceiptPage } from '../../../views/receipt.tsx';
import { AskAdministratorPage } from '../../../views/recovery/ask-administrator.tsx';
import { ForgotPasswordPage, RecoverySentPage } from '../../../views/recovery/forgot-password.tsx';
import { LinkExpiredPage } from '../../../views/recovery/link-expired.tsx';
import { PasswordSetPage } from '../../../views/recovery/password-set.tsx';
import { SetPasswordPage } from '../../../views/recovery/set-password.tsx';
import { AccountExistsPage, AccountReadyPage, CompleteSignUpPage } from '../../../views/sign-up/complete-sign-up.tsx';
import { SignUpPage, SignUpSentPage } from '../../../views/sign-up/sign-up.tsx';
import { StartPage } from '../../../views/start.tsx';
import { WaitPage } from '../../../views/wait.tsx';
import { exampleDocument } from './example-document.ts';

/** What a string prop is to hold: the sample itself for pages to look at, something hostile for tests of escaping. */
export type Text = (sample: string) => string;

function people(t: Text) {
  return { displayName: t('Alice Archer'), userName: t('alice@example.com'), email: t('alice@example.com') };
}

function clients(t: Text) {
  return {
    name: t('Orders'),
    destination: t('orders.example.com'),
    clientUri: t('https://orders.example.com/'),
    policyUri: t('https://orders.example.com/privacy'),
    tosUri: t('https://orders.example.com/terms'),
  };
}

function forms(t: Text, action: string) {
  return { action: t(action), csrfToken: t('c5rF'), fields: [{ name: 'xsrf', value: t('x5rF') }] };
}

function signInPages(t: Text): Record<string, VNode> {
  const form = forms(t, '/interaction/abc/login');
  const cancel = forms(t, '/interaction/abc/cancel');
  const login = { form, cancel, client: clients(t), forgotPasswordUrl: t('/recover'), requestId: t('req-7Hk2') };
  const reauthentication = { person: people(t), switchAccount: forms(t, '/interaction/abc/switch') };
  const userName = t('alice@example.com');
  return {
    login: <LoginPage {...login} emailUrl={t('/interaction/abc/email')} />,
    'login-wrong': <LoginPage {...login} userName={userName} problem={{ kind: 'wrong_credentials' }} />,
    'login-name-missing': <LoginPage {...login} problem={{ kind: 'user_name_missing' }} />,
    'login-throttled': (
      <LoginPage {...login} userName={userName} problem={{ kind: 'throttled', retryAfterSeconds: 90 }} />
    ),
    'login-work': (
      <LoginPage
        {...login}
        userName={userName}
        problem={{ kind: 'throttled', retryAfterSeconds: 9 }}
        work={{ challenge: t('abc'), bits: 16 }}
      />
    ),
    'login-again': <LoginPage {...login} reauthentication={reauthentication} />,
    'login-code': (
      <CodePage
        kind="totp"
        form={forms(t, '/interaction/abc/code')}
        client={clients(t)}
        person={people(t)}
        trustDays={30}
        otherWayUrl={t('/interaction/abc/recovery-code')}
        switchAccount={forms(t, '/interaction/abc/switch')}
        cancel={forms(t, '/interaction/abc/cancel')}
      />
    ),
    'login-code-wrong': (
      <CodePage
        kind="recovery_code"
        form={forms(t, '/interaction/abc/recovery-code')}
        person={people(t)}
        problem={{ kind: 'wrong_code' }}
        requestId={t('req-7Hk2')}
        otherWayUrl={t('/interaction/abc')}
        lostUrl={t('/interaction/abc/lost-factor')}
        switchAccount={forms(t, '/interaction/abc/switch')}
        cancel={forms(t, '/interaction/abc/cancel')}
      />
    ),
    'login-plain': <LoginPage form={form} notice="password_changed" />,
    consent: (
      <ConsentPage
        form={form}
        client={clients(t)}
        person={people(t)}
        scopes={[
          { value: 'openid' },
          { value: 'profile' },
          { value: 'email', isNew: true },
          { value: 'offline_access' },
          { value: t('loyalty'), description: t('See your loyalty points') },
        ]}
        claims={[t('birthdate'), t('zoneinfo')]}
        resourceServers={[
          {
            name: t('Orders API'),
            identifier: t('https://api.example.com'),
            permissions: [{ value: t('orders:read'), description: t('Read orders') }, { value: t('orders:write') }],
          },
        ]}
        switchAccount={forms(t, '/interaction/abc/switch')}
        problem="form_expired"
      />
    ),
    'consent-small': (
      <ConsentPage
        form={form}
        client={{ name: t('Orders') }}
        person={people(t)}
        scopes={[{ value: 'openid' }, { value: 'email' }]}
        resourceServers={[]}
        switchAccount={forms(t, '/interaction/abc/switch')}
      />
    ),
    'form-post': (
      <FormPostPage
        action={t('https://orders.example.com/callback')}
        clientName={t('Orders')}
        fields={[
          { name: 'code', value: t('a code') },
          { name: 'submit', value: t('a state') },
        ]}
      />
    ),
  };
}

function receiptPages(t: Text): Record<string, VNode> {
  const receipt = {
    issuer: t('https://id.example.com'),
    id: '01900000-0000-7000-8000-000000000001',
    userId: '01900000-0000-7000-8000-000000000002',
    cause: 'deactivated',
    actor: { type: 'client', id: t('hr-system') },
    requestId: t('req-7Hk2'),
    createdAt: '2026-03-01T12:00:00.000Z',
    status: 'open',
    asOf: '2026-03-01T12:00:01.000Z',
    targets: [
      {
        kind: 'local',
        id: null,
        name: null,
        sent: 'ended in the same transaction',
        state: 'done',
        ended: { sessions: 2 },
      },
      {
        kind: 'relying_party',
        id: t('orders'),
        name: t('Orders'),
        sent: 'logout_token',
        state: 'pending',
        attempts: 2,
        lastAttemptAt: '2026-03-01T12:00:01.000Z',
        answer: { status: 503, excerpt: t('try later') },
      },
      {
        kind: 'relying_party',
        id: t('wiki'),
        name: null,
        sent: null,
        state: 'not_notified',
        note: t('no back-channel logout URI; its tokens have ended'),
      },
    ],
    signature: { kid: 'k1', jws: 'eyJhbGciOiJFZERTQSJ9..c2ln' },
  };
  return {
    receipt: <ReceiptPage receipt={receipt} />,
    'receipt-complete': <ReceiptPage receipt={{ ...receipt, targets: receipt.targets.slice(0, 1) }} />,
  };
}

function outcomePages(t: Text): Record<string, VNode> {
  const requestId = t('req-7Hk2');
  const client = { name: t('Orders'), url: t('https://orders.example.com/') };
  return {
    error: <ErrorPage code="invalid_redirect_uri" requestId={requestId} />,
    'error-other': <ErrorPage code={t('odd')} requestId={requestId} detail={t('The odd happened.')} client={client} />,
    'interaction-expired': <InteractionExpiredPage reason="expired" client={client} requestId={requestId} />,
    'interaction-completed': <InteractionExpiredPage reason="completed" requestId={requestId} />,
    wait: <WaitPage retryAfterSeconds={30} requestId={requestId} />,
    'confirm-logout': <ConfirmLogoutPage form={forms(t, '/logout')} clientName={t('Orders')} person={people(t)} />,
    'signed-out': <SignedOutPage outcome="signed_out" client={client} />,
    'stayed-signed-in': <SignedOutPage outcome="stayed" />,
  };
}

function devicePages(t: Text): Record<string, VNode> {
  const form = forms(t, '/device');
  return {
    'device-code': <EnterCodePage form={form} />,
    'device-code-unknown': (
      <EnterCodePage form={form} userCode={t('WDJB-MJHT')} problem="code_unknown" requestId={t('req-7Hk2')} />
    ),
    'device-confirm': (
      <ConfirmDevicePage
        form={form}
        client={clients(t)}
        userCode={t('WDJB-MJHT')}
        person={people(t)}
        request={{
          ip: t('203.0.113.7'),
          place: t('Utrecht, Netherlands'),
          userAgent: t('Television'),
          askedAt: t('14:02, today'),
        }}
      />
    ),
    'device-done': <DeviceDonePage outcome="connected" clientName={t('Orders')} />,
    'device-denied': <DeviceDonePage outcome="denied" clientName={t('Orders')} />,
  };
}

function secondFactorPages(t: Text): Record<string, VNode> {
  const person = people(t);
  const totp = {
    createdAt: '1 March 2026',
    lastUsedAt: '2 March 2026',
    remove: forms(t, '/account/second-factors/totp/removal'),
  };
  const recoveryCodes = { left: 9, reissue: forms(t, '/account/second-factors/recovery-codes') };
  const form = { ...forms(t, '/account/second-factors/totp'), fields: [{ name: 'offer', value: t('an offer') }] };
  const offer = { person, form, uri: t('otpauth://totp/id:a?secret=MZXW6YTB'), manualKey: t('MZXW 6YTB') };
  return {
    'second-factors-none': <SecondFactorsPage person={person} passkeys={0} notice="removed" />,
    'second-factors': (
      <SecondFactorsPage {...{ person, totp, recoveryCodes }} passkeys={2} problem={{ kind: 'password_wrong' }} />
    ),
    'set-up-totp': <SetUpTotpPage {...offer} />,
    'set-up-totp-wrong': <SetUpTotpPage {...offer} problem="wrong_code" />,
    'recovery-codes': <RecoveryCodesPage person={person} codes={[t('abcde-fghjk'), t('mnpqr-stuvw')]} setUp="totp" />,
    ...passkeyPages(t),
    ...emailSignInPages(t),
  };
}

function emailSignInPages(t: Text): Record<string, VNode> {
  const backUrl = t('/interaction/abc');
  const code = { form: forms(t, '/interaction/abc/email-code'), againUrl: t('/interaction/abc/email'), backUrl };
  const ask = { form: forms(t, '/interaction/abc/email'), userName: t('alice@example.com'), backUrl };
  return {
    'email-sign-in': <EmailSignInPage {...ask} problem={{ kind: 'ended' }} />,
    'email-sign-in-wait': <EmailSignInPage {...ask} problem={{ kind: 'throttled', retryAfterSeconds: 90 }} />,
    'email-code': <EmailCodePage {...code} hasLink />,
    'email-code-wrong': <EmailCodePage {...code} hasLink={false} problem="wrong_code" />,
    'email-link': <EmailLinkPage client={clients(t)} form={forms(t, '/interaction/abc/email-link')} />,
    'email-link-elsewhere': <EmailLinkElsewherePage />,
  };
}

const asksFor = (t: Text, action: string) => ({ form: forms(t, action), options: { rpId: t('id.example.com') } });

function passkeyPages(t: Text): Record<string, VNode> {
  const person = people(t);
  const frame = {
    rename: forms(t, '/account/passkeys/name'),
    remove: forms(t, '/account/passkeys/removal'),
    prompt: asksFor(t, '/account/passkeys'),
  };
  const passkeys = [
    { id: '1', name: t('My laptop'), isBackedUp: false, createdAt: '1 March 2026', lastUsedAt: '2 March 2026' },
    { id: '2', name: t('Telephone'), isBackedUp: true, createdAt: '1 March 2026', lastUsedAt: undefined },
  ];
  return {
    'passkeys-none': <PasskeysPage {...frame} person={person} passkeys={[]} notice="removed" />,
    passkeys: <PasskeysPage {...frame} person={person} passkeys={passkeys} problem="not_accepted" />,
    'passkey-offer': (
      <PasskeyOfferPage
        person={person}
        prompt={asksFor(t, '/interaction/abc/passkey-offer')}
        later={forms(t, '/interaction/abc/passkey-offer')}
        problem="not_accepted"
      />
    ),
    'passkey-offer-codes': (
      <OfferedCodesPage codes={[t('2222b-3333c'), t('4444d-5555e')]} goOnUrl={t('/authorize/abc')} />
    ),
    'login-passkey-wrong': (
      <LoginPage
        form={forms(t, '/interaction/abc/login')}
        passkey={asksFor(t, '/interaction/abc/passkey')}
        problem={{ kind: 'wrong_passkey' }}
        requestId={t('req-7Hk2')}
      />
    ),
  };
}

function accountPages(t: Text): Record<string, VNode> {
  const person = people(t);
  const session = {
    id: t('c2Vzc2lvbg'),
    isCurrent: true,
    browser: 'Firefox on Linux',
    network: '192.0.2.0/24',
    signedInAt: '1 Mar 2026, 12:00',
    lastUsedAt: '2 Mar 2026, 12:00',
    applications: [t('Orders'), t('Wiki')],
  };
  const other = {
    ...session,
    id: t('b3RoZXI'),
    isCurrent: false,
    browser: undefined,
    network: undefined,
    applications: [],
  };
  const trust = { id: t('dHJ1c3Q'), isCurrent: true, browser: undefined, lastUsedAt: session.lastUsedAt };
  const devices = {
    person,
    end: forms(t, '/account/devices/end'),
    endOthers: forms(t, '/account/devices/end-others'),
    endTrust: forms(t, '/account/devices/end-trust'),
    trusted: [{ ...trust, until: '1 Apr 2026, 12:00' }],
  };
  const application = {
    clientId: t('orders'),
    client: clients(t),
    isFirstParty: false,
    since: '1 March 2026',
    scopes: [{ value: 'openid' }, { value: 'email' }, { value: t('loyalty') }],
    claims: [t('birthdate')],
    resourceServers: [
      {
        name: t('Orders API'),
        identifier: t('https://api.example.com'),
        permissions: [{ value: t('orders:read'), description: t('Read orders') }],
      },
    ],
  };
  const own = { ...application, clientId: t('wiki'), client: { name: t('Wiki') }, isFirstParty: true, claims: [] };
  const withdraw = forms(t, '/account/applications/withdraw');
  return {
    devices: <DevicesPage {...devices} sessions={[session, other]} notice="one_ended" />,
    'devices-expired': <DevicesPage {...devices} sessions={[session]} notice="form_expired" />,
    applications: <ApplicationsPage person={person} applications={[application, own]} withdraw={withdraw} />,
    ...ownGroupPages(t),
    'applications-none': <ApplicationsPage person={person} applications={[]} withdraw={withdraw} notice="withdrawn" />,
  };
}

function ownGroupPages(t: Text): Record<string, VNode> {
  const person = { ...people(t), looksAfterGroups: true };
  const groups = [
    { displayName: t('Buyers'), members: 12, url: '/account/groups?group=1' },
    { displayName: t('Night shift'), members: 0, url: '/account/groups?group=2' },
  ];
  const members = [
    { id: '1', display: t('Ada Archer'), isPerson: true },
    { id: '2', display: t('Drivers'), isPerson: false },
  ];
  const group = {
    ...{ person, members, displayName: t('Buyers'), moreUrl: '/account/groups?group=1&cursor=2' },
    ...{ add: forms(t, '/account/groups/add'), remove: forms(t, '/account/groups/remove') },
  };
  return {
    'own-groups': <OwnGroupsPage person={person} groups={groups} />,
    'own-groups-none': <OwnGroupsPage person={people(t)} groups={[]} />,
    'own-group': <OwnGroupPage {...group} notice="removed" removed="1" />,
    'own-group-unknown': <OwnGroupPage {...group} name={t('nobody')} problem="unknown" />,
    'own-group-too-much': <OwnGroupPage {...group} members={[]} problem="too_much" />,
  };
}

function profilePages(t: Text): Record<string, VNode> {
  const person = people(t);
  const form = forms(t, '/account/profile');
  const facts = [
    { name: 'department' as const, value: t('Sales') },
    { label: t('Badge'), value: t('B-1207') },
  ];
  const linked = {
    organization: t('Acme'),
    externalId: t('hr-4711'),
    accounts: (['active', 'pending', 'inactive'] as const).map((state) => ({
      ...{ name: t(`Wiki, ${state}`), state, since: '1 March 2026' },
    })),
  };
  const entry = { id: '1', when: '1 Mar 2026, 12:00', names: [] };
  const activity = [
    {
      ...entry,
      type: 'sign-ins.succeeded' as const,
      by: 'you' as const,
      browser: 'Firefox on Linux',
      network: '192.0.2.0/24',
    },
    { ...entry, id: '2', type: 'group-members.added' as const, by: 'administrator' as const, names: [t('Sales')] },
  ];
  return {
    profile: (
      <ProfilePage
        person={person}
        form={form}
        facts={facts}
        linked={linked}
        isSaved
        fields={[
          { kind: 'core', id: 'displayName', name: 'displayName', value: t('Alice Archer'), control: 'text' },
          { kind: 'core', id: 'locale', name: 'locale', value: t('en-GB'), control: 'text' },
          {
            kind: 'core',
            id: 'timezone',
            name: 'timezone',
            value: 'Asia/Tokyo',
            control: 'choice',
            choices: ['Asia/Tokyo', t('Etc/UTC')],
          },
          { kind: 'custom', id: 'custom.parks', label: t('Parks here'), value: 'true', control: 'yes_no' },
          { kind: 'custom', id: 'custom.languages', label: t('Languages'), value: t('Dutch'), control: 'lines' },
        ]}
      />
    ),
    'profile-invalid': (
      <ProfilePage
        person={person}
        form={form}
        facts={[]}
        linked={{ accounts: [] }}
        isSaved={false}
        problem="invalid"
        fields={[
          {
            kind: 'core',
            id: 'locale',
            name: 'locale',
            value: t('english'),
            control: 'text',
            problem: 'invalid',
            kept: t('en-GB'),
          },
        ]}
      />
    ),
    'branding-preview': (
      <BrandingPreviewPage
        person={person}
        owner={{ organization: '', clientId: t('orders') }}
        form={forms(t, '/account/branding')}
        typed={t('{ "colors": { "light": { "accent": "#ffee00" } } }')}
        problem="invalid"
        faults={[{ place: t('/colors/light/accent'), detail: t('cannot be read') }]}
        documents={undefined}
      />
    ),
    data: (
      <DataPage
        person={person}
        exportForm={forms(t, '/account/data/export')}
        deletion={{ form: forms(t, '/account/data/deletion'), restorableDays: 30 }}
        problem="not_confirmed"
      />
    ),
    'data-export-only': <DataPage person={person} exportForm={forms(t, '/account/data/export')} />,
    'account-deleted': <AccountDeletedPage restorableUntil="1 April 2026" />,
    activity: (
      <ActivityPage person={person} activity={activity} olderUrl="/account/activity?cursor=abc" isFirstPage={false} />
    ),
    'activity-none': <ActivityPage person={person} activity={[]} isFirstPage />,
  };
}

function emailPages(t: Text): Record<string, VNode> {
  const person = people(t);
  const form = forms(t, '/account/email');
  const pending = {
    newAddress: t('alice@example.net'),
    waitsFor: [t('alice@example.com'), t('alice@example.net')],
    until: '2 Mar 2026, 12:00',
    cancel: forms(t, '/account/email/cancel'),
  };
  const link = { person, form: forms(t, '/account/email/confirm'), newAddress: t('alice@example.net') };
  const former = t('alice@example.com');
  return {
    'own-email': <EmailPage person={person} isProved form={form} pending={pending} />,
    'own-email-invalid': (
      <EmailPage
        person={person}
        isProved={false}
        form={form}
        problem={{ kind: 'address_invalid' }}
        typed={t('alice@')}
      />
    ),
    'own-email-throttled': (
      <EmailPage person={person} isProved form={form} problem={{ kind: 'throttled', retryAfterSeconds: 30 }} />
    ),
    'own-email-off': <EmailPage person={person} isProved />,
    'confirm-email-change': <ConfirmEmailChangePage {...link} formerAddress={former} />,
    'confirm-email-first': <ConfirmEmailChangePage {...link} formerAddress={undefined} />,
    'email-change-waiting': <EmailChangeConfirmedPage isDone={false} newAddress={link.newAddress} />,
    'email-change-done': <EmailChangeConfirmedPage isDone newAddress={link.newAddress} />,
    'not-me': <NotMePage person={person} form={link.form} />,
    'account-taken-back': <AccountTakenBackPage />,
    'undo-email-change': <UndoEmailChangePage {...link} formerAddress={former} />,
    'email-change-undone': <EmailChangeUndonePage formerAddress={former} />,
  };
}

function factorRecoveryPages(t: Text): Record<string, VNode> {
  const person = people(t);
  const form = forms(t, '/interaction/abc/lost-factor');
  const lost = { person, form, days: 7, backUrl: t('/interaction/abc') };
  const link = { person, form: forms(t, '/account/factor-recovery') };
  const waiting = { ripeAt: '2 Mar 2026, 12:00', stop: forms(t, '/account/factor-recovery/stop') };
  return {
    'lost-factor': <LostFactorPage {...lost} />,
    'lost-factor-passkey': <LostFactorPage {...lost} isPasskey />,
    'lost-factor-refused': <LostFactorPage {...lost} problem="no_address" />,
    'factor-recovery-begun': <FactorRecoveryBegunPage when="2 March 2026" />,
    'factor-recovery-stop': <FactorRecoveryPage {...link} canFinish={false} />,
    'factor-recovery-finish': <FactorRecoveryPage {...link} canFinish />,
    'factor-recovery-stopped': <FactorRecoveryEndedPage outcome="stopped" />,
    'factor-recovery-finished': <FactorRecoveryEndedPage outcome="finished" />,
    'account-factor-recovery': (
      <AccountHomePage
        person={person}
        hasVerifiedEmail
        minimumLength={8}
        factorRecovery={waiting}
        mayChangeEmail
        maySeeBranding
      />
    ),
  };
}

function policyPages(t: Text): Record<string, VNode> {
  const ways = {
    client: clients(t),
    person: people(t),
    switchAccount: forms(t, '/interaction/abc/switch'),
    cancel: forms(t, '/interaction/abc/cancel'),
  };
  const terms = [
    {
      name: 'terms.0',
      title: t('House rules'),
      version: t('2026-11'),
      url: t('https://example.com/rules'),
      isAccepted: false,
    },
  ];
  const fields = [{ kind: 'core', id: 'nickName', name: 'nickName', value: t('Al'), control: 'text' }] as const;
  return {
    'policy-denied': (
      <PolicyDeniedPage {...ways} reason={t('Contractors work at the office.')} requestId={t('req-7Hk2')} />
    ),
    'policy-denied-account': <PolicyDeniedPage {...ways} client={undefined} reason={t('Closed.')} />,
    agreement: <AgreementPage {...ways} form={forms(t, '/interaction/abc/agreement')} terms={terms} fields={fields} />,
    'agreement-missing': (
      <AgreementPage
        {...ways}
        client={undefined}
        form={forms(t, '/interaction/abc/agreement')}
        terms={terms}
        fields={[]}
        problem="terms_missing"
      />
    ),
    'policy-two-factors': <PolicyFactorPage {...ways} factors="two_factors" again={t('/interaction/abc')} />,
    'policy-passkey': <PolicyFactorPage {...ways} factors="passkey" again={t('/interaction/abc')} />,
  };
}

function recoveryPages(t: Text): Record<string, VNode> {
  const form = forms(t, '/recover');
  const accounts = [
    { id: '1', userName: t('alice') },
    { id: '2', userName: t('alice@work.example') },
  ];
  return {
    'forgot-password': <ForgotPasswordPage form={form} userName={t('alice')} signInUrl={t('/account')} />,
    'forgot-password-missing': <ForgotPasswordPage form={form} problem="user_name_missing" />,
    'recovery-sent': <RecoverySentPage signInUrl={t('/account')} />,
    'set-password': <SetPasswordPage form={form} person={people(t)} minimumLength={8} />,
    'set-password-common': (
      <SetPasswordPage form={form} person={people(t)} minimumLength={8} problem="credentials.password_too_common" />
    ),
    'password-set': <PasswordSetPage signInUrl={t('/account')} />,
    'link-expired': <LinkExpiredPage newLinkUrl={t('/recover')} requestId={t('req-7Hk2')} />,
    'ask-administrator': <AskAdministratorPage />,
    'join-organization': <JoinOrganizationPage form={form} organization={t('Acme')} accounts={accounts.slice(0, 1)} />,
    'join-organization-which': <JoinOrganizationPage form={form} organization={t('Acme')} accounts={accounts} />,
    'joined-organization': <JoinedOrganizationPage organization={t('Acme')} accountUrl={t('/account')} />,
    'sign-up': <SignUpPage form={form} domains={[]} signIn={t('/account/sign-in')} />,
    'sign-up-for-client': <SignUpPage form={form} domains={[]} signIn={forms(t, '/interaction/x/create')} />,
    'sign-up-domain': (
      <SignUpPage
        form={form}
        domains={[t('example.com')]}
        address={t('eve@example.org')}
        problem="domain_refused"
        signIn={t('/account/sign-in')}
      />
    ),
    'sign-up-sent': <SignUpSentPage signInUrl={t('/account/sign-in')} againUrl={t('/sign-up')} />,
    'complete-sign-up': (
      <CompleteSignUpPage
        form={form}
        address={t('alice@example.com')}
        minimumLength={8}
        termsUrl={t('https://example.com/terms')}
      />
    ),
    'complete-sign-up-terms': (
      <CompleteSignUpPage
        form={form}
        address={t('alice@example.com')}
        name={t('Alice')}
        minimumLength={8}
        termsUrl={t('https://example.com/terms')}
        problem="terms_missing"
      />
    ),
    'account-ready': <AccountReadyPage signInUrl={t('/account/sign-in')} />,
    'account-exists': (
      <AccountExistsPage
        address={t('alice@example.com')}
        signInUrl={t('/account/sign-in')}
        forgotPasswordUrl={t('/recover')}
      />
    ),
    'confirm-email': <ConfirmEmailPage form={form} person={people(t)} address={t('alice@example.org')} />,
    'email-confirmed': <EmailConfirmedPage accountUrl={t('/account')} />,
    problem: <ProblemPage kind="invalid" type={t('http://localhost:3000/problems/invalid')} />,
  };
}

function examples(t: Text) {
  return [
    {
      id: 'web' as const,
      command: t('npm run example:web'),
      url: t('http://localhost:4000'),
    },
    {
      id: 'spa' as const,
      command: t('npm run example:spa'),
      url: t('http://localhost:5173'),
    },
    { id: 'service' as const, command: t('npm run example:service') },
    { id: 'api' as const, command: t('npm run example:api') },
  ];
}

function sitePages(t: Text): Record<string, VNode> {
  const addresses = {
    issuer: t('http://localhost:3000'),
    discoveryUrl: t('http://localhost:3000/.well-known/openid-configuration'),
  };
  const start = { ...addresses, signInUrl: t('/account'), examples: examples(t), keepsMail: true };
  const account = {
    person: people(t),
    hasVerifiedEmail: true,
    minimumLength: 8,
    changePassword: forms(t, '/account/password'),
  };
  const mail = {
    to: t('alice@example.com'),
    subject: t('Choose a new password'),
    text: t('Hello Alice,\n\nopen http://localhost:3000/recover/abc to choose a password.\n'),
    sentAt: t('2026-01-02T03:04:05Z'),
  };
  return {
    start: <StartPage {...start} setUp={{ state: 'ready' }} />,
    'start-signed-in': <StartPage {...start} person={people(t)} setUp={{ state: 'ready' }} />,
    'start-new': (
      <StartPage
        {...start}
        setUp={{ state: 'administrator_missing', newLinkCommand: t('npx doorward users create --admin') }}
      />
    ),
    account: <AccountHomePage {...account} notice="password_changed" />,
    'account-address-not-confirmed': (
      <AccountHomePage {...account} hasVerifiedEmail={false} verifyEmail={forms(t, '/account/email-verification')} />
    ),
    'account-wrong': <AccountHomePage {...account} problem="current_wrong" />,
    integrate: <IntegratePage {...addresses} person={people(t)} />,
    'api-reference': <ApiReferencePage document={exampleDocument(t)} person={people(t)} />,
    mail: <MailPage mail={mail} htmlUrl={t('/dev/mail/abc/html')} />,
    'mail-list': <MailListPage mails={[{ ...mail, url: t('/dev/mail/abc') }]} />,
    'mail-empty': <MailListPage mails={[]} />,
  };
}

/** Every page in every state worth looking at, by a name for it. */
export function allPages(t: Text = (sample) => sample): ReadonlyMap<string, VNode> {
  return new Map(
    Object.entries({
      ...signInPages(t),
      ...outcomePages(t),
      ...receiptPages(t),
      ...devicePages(t),
      ...recoveryPages(t),
      ...secondFactorPages(t),
      ...accountPages(t),
      ...profilePages(t),
      ...emailPages(t),
      ...factorRecoveryPages(t),
      ...policyPages(t),
      ...sitePages(t),
    }),
  );
}
