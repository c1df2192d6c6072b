import { Form } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import { Name } from '../phrase.tsx';
import type { ClientSummary, FormTarget, PersonSummary } from '../site.ts';

export type ConfirmDevicePageProps = {
  /** POST with `decision=approve` or `decision=deny`. The provider's `xsrf`, `user_code`, `confirm` go into `fields`. */
  readonly form: FormTarget;
  readonly client: ClientSummary;
  readonly userCode: string;
  readonly person?: PersonSummary | undefined;
  /** Where the request for the code came from, as far as it is known; times as they are to be read. */
  readonly request: {
    readonly ip?: string | undefined;
    readonly place?: string | undefined;
    readonly userAgent?: string | undefined;
    readonly askedAt?: string | undefined;
  };
};

function Facts({ client, person, request }: Pick<ConfirmDevicePageProps, 'client' | 'person' | 'request'>) {
  const text = useMessages('confirmDevice');
  const facts = [
    [text.client, client.name],
    [text.person, person && `${person.displayName} (${person.userName})`],
    [text.device, request.userAgent],
    [text.from, request.ip],
    [text.place, request.place],
    [text.askedAt, request.askedAt],
  ] as const;
  return (
    <dl class="facts">
      {facts.map(
        ([term, value]) =>
          value && (
            <div class="fact" key={term}>
              <dt>{term}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** RFC 8628 §5.4: what the code stands for is shown before it is approved, against remote phishing. */
export function ConfirmDevicePage(props: ConfirmDevicePageProps) {
  const text = useMessages('confirmDevice');
  const common = useMessages('common');
  const { form, client, userCode } = props;
  return (
    <CardPage title={text.title({ client: client.name })}>
      <h1>{text.title({ client: <Name>{client.name}</Name> })}</h1>
      <p class="lead">{text.lead}</p>
      <p class="user-code">{userCode}</p>
      <Facts {...props} />
      <p>{text.warning}</p>
      <Form target={form} class="decision">
        <button type="submit" class="button" name="decision" value="approve">
          {text.approve}
        </button>
        <button type="submit" class="button button-quiet" name="decision" value="deny">
          {common.cancel}
        </button>
      </Form>
    </CardPage>
  );
}
