import { Form, Notice } from '../form.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { AccountLayout } from './layout.tsx';

export type ShownSession = {
  readonly id: string;
  readonly isCurrent: boolean;
  /** Its cookie is worth nothing in another device. */
  readonly isBound?: boolean;
  /** "Firefox on Linux"; absent when it is not known. */
  readonly browser?: string | undefined;
  /** A range of addresses, not a place. */
  readonly network?: string | undefined;
  /** In words. */
  readonly signedInAt: string;
  readonly lastUsedAt: string;
  readonly applications: readonly string[];
};

/** A browser in which the second factor is not asked for. */
export type ShownTrust = Pick<ShownSession, 'id' | 'isCurrent' | 'browser' | 'lastUsedAt'> & {
  /** In words. */
  readonly until: string;
};

export type DevicesPageProps = {
  readonly person: PersonSummary;
  readonly sessions: readonly ShownSession[];
  readonly trusted: readonly ShownTrust[];
  /** POST with `device`. */
  readonly endTrust: FormTarget;
  /** POST with `session`. */
  readonly end: FormTarget;
  /** POST. */
  readonly endOthers: FormTarget;
  readonly notice?: keyof Messages<'devices'>['notice'] | undefined;
};

function Session({ session, end }: { readonly session: ShownSession; readonly end: FormTarget }) {
  const text = useMessages('devices');
  const { browser = text.unknown, network, signedInAt, lastUsedAt, applications, isCurrent, id } = session;
  return (
    <li class="entry">
      <div class="entry-text">
        <h2>
          <bdi>{browser}</bdi> {isCurrent && <span class="tag">{text.current}</span>}
        </h2>
        <dl class="mail-facts">
          <Fact term={text.signedInAt} detail={signedInAt} />
          <Fact term={text.lastUsedAt} detail={lastUsedAt} />
          {session.isBound && <Fact term={text.protection} detail={text.bound} />}
          {network && <Fact term={text.network} detail={network} />}
          {applications.length > 0 && <Fact term={text.applications} detail={applications.join(' · ')} />}
        </dl>
      </div>
      {isCurrent ? (
        <a class="button button-quiet" href={sitePaths.logout}>
          {text.signOut}
        </a>
      ) : (
        <Form target={{ ...end, fields: [{ name: 'session', value: id }] }}>
          <button type="submit" class="button button-quiet" aria-label={text.endThis({ browser, when: signedInAt })}>
            {text.end}
          </button>
        </Form>
      )}
    </li>
  );
}

function Fact({ term, detail }: { readonly term: string; readonly detail: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        <bdi>{detail}</bdi>
      </dd>
    </div>
  );
}

function Trusted({ trusted, endTrust }: Pick<DevicesPageProps, 'trusted' | 'endTrust'>) {
  const text = useMessages('trustedDevices');
  const { unknown, current, lastUsedAt: lastUsed } = useMessages('devices');
  if (trusted.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="trusted-title">
      <h2 id="trusted-title">{text.title}</h2>
      <p class="hint">{text.lead}</p>
      <ul class="entries">
        {trusted.map(({ id, browser = unknown, isCurrent, lastUsedAt, until }) => (
          <li class="entry" key={id}>
            <div class="entry-text">
              <h3>
                <bdi>{browser}</bdi> {isCurrent && <span class="tag">{current}</span>}
              </h3>
              <dl class="mail-facts">
                <Fact term={lastUsed} detail={lastUsedAt} />
                <Fact term={text.until} detail={until} />
              </dl>
            </div>
            <Form target={{ ...endTrust, fields: [{ name: 'device', value: id }] }}>
              <button
                type="submit"
                class="button button-quiet"
                aria-label={text.endThis({ browser, when: lastUsedAt })}
              >
                {text.end}
              </button>
            </Form>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `/account/devices`: where I am signed in. */
export function DevicesPage({ person, sessions, trusted, endTrust, end, endOthers, notice }: DevicesPageProps) {
  const text = useMessages('devices');
  const common = useMessages('common');
  const isProblem = notice === 'form_expired';
  return (
    <AccountLayout
      title={isProblem ? common.errorTitle({ title: text.title }) : text.title}
      section="devices"
      person={person}
    >
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      {notice && (
        <Notice tone={isProblem ? 'wait' : 'good'}>
          <p>{text.notice[notice]}</p>
        </Notice>
      )}
      <div class="panel">
        <ul class="entries">
          {sessions.map((session) => (
            <Session key={session.id} session={session} end={end} />
          ))}
        </ul>
      </div>
      <Trusted trusted={trusted} endTrust={endTrust} />
      {sessions.some(({ isCurrent }) => !isCurrent) && (
        <section class="panel" aria-labelledby="others-title">
          <h2 id="others-title">{text.others}</h2>
          <p class="hint">{text.othersHint}</p>
          <Form target={endOthers}>
            <button type="submit" class="button" name="everything" value="yes">
              {text.others}
            </button>
          </Form>
        </section>
      )}
    </AccountLayout>
  );
}
