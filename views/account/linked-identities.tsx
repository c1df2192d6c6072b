import { useMessages } from '../look.ts';

export type LinkedIdentitiesProps = {
  readonly organization?: string | undefined;
  readonly externalId?: string | undefined;
  readonly accounts: readonly {
    readonly name: string;
    readonly state: 'pending' | 'active' | 'inactive';
    /** When it was linked, as the person reads dates. */
    readonly since: string;
  }[];
};

/** Where the account comes from, and the accounts elsewhere that follow it. */
export function LinkedIdentities({ organization, externalId, accounts }: LinkedIdentitiesProps) {
  const text = useMessages('linkedIdentities');
  const isLinked = organization !== undefined || externalId !== undefined || accounts.length > 0;
  return (
    <section class="panel" aria-labelledby="linked-title">
      <h2 id="linked-title">{text.title}</h2>
      {isLinked ? (
        <dl class="facts">
          {organization !== undefined && (
            <div class="fact">
              <dt>{text.organization}</dt>
              <dd>
                <bdi>{organization}</bdi>
              </dd>
            </div>
          )}
          {externalId !== undefined && (
            <div class="fact">
              <dt>{text.directory}</dt>
              <dd>
                <bdi>{externalId}</bdi>
              </dd>
            </div>
          )}
          {accounts.map(({ name, state, since }) => (
            <div key={name} class="fact">
              <dt>
                <bdi>{name}</bdi>
              </dt>
              <dd>{text.states[state]({ since })}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p>{text.none}</p>
      )}
      <p class="hint">{text.hint}</p>
    </section>
  );
}
