import type { ComponentChildren } from 'preact';
import { Field, type FieldProps, Form, Notice, RequestId } from './form.tsx';
import { CardPage } from './layout.tsx';
import { useMessages } from './look.ts';
import type { FormTarget } from './site.ts';

export type OneFieldPageProps = {
  readonly title: string;
  readonly lead: string;
  readonly submit: string;
  readonly form: FormTarget;
  readonly field: Omit<FieldProps, 'autoFocus' | 'describedBy' | 'isInvalid'>;
  /** What went wrong last time. */
  readonly problem?: { readonly message: string; readonly isWait: boolean; readonly isOfField: boolean } | undefined;
  readonly requestId?: string | undefined;
  /** Below the form. */
  readonly children?: ComponentChildren;
};

/** A page that asks for one thing. */
export function OneFieldPage({ title, lead, submit, form, field, problem, ...page }: OneFieldPageProps) {
  const { requestId, children } = page;
  const common = useMessages('common');
  return (
    <CardPage title={problem ? common.errorTitle({ title }) : title}>
      <h1>{title}</h1>
      <p class="lead">{lead}</p>
      {problem && (
        <Notice tone={problem.isWait ? 'wait' : 'error'} id="problem">
          <p>{problem.message}</p>
          {requestId && <RequestId label={common.reference} id={requestId} />}
        </Notice>
      )}
      <Form target={form} class="stack">
        <Field {...field} autoFocus isInvalid={problem?.isOfField ?? false} describedBy={problem && 'problem'} />
        <button type="submit" class="button button-wide">
          {submit}
        </button>
      </Form>
      {children}
    </CardPage>
  );
}
