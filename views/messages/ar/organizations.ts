import type { organizations as english } from '../en/organizations.ts';
import type { Translation } from '../message-types.ts';

export const organizations: Translation<typeof english> = {
  joinOrganization: {
    title: 'الانضمام إلى مؤسسة',
    lead: 'تدعوك {organization}: سيصبح حسابك {person} عضوًا فيها.',
    leadSeveral: 'تدعوك {organization}. لديك أكثر من حساب بهذا العنوان.',
    which: 'أي حساب يصبح عضوًا؟',
    effect: 'سيرى مسؤولو المؤسسة ملفك الشخصي، ويمكنهم إضافتك إلى فرق ومنحك أدوارًا فيها.',
    join: 'انضمام',
    stranger: 'لا تعرف هذه المؤسسة؟ أغلق هذه الصفحة إذًا: لن يحدث شيء من دونك.',
    doneTitle: 'أصبحت عضوًا',
    done: 'أنت الآن عضو في {organization}.',
    account: 'إلى حسابي',
  },
  organizationInvitationMail: {
    subject: 'أنت مدعو إلى مؤسسة',
    preview: 'يقودك الرابط في هذه الرسالة إلى المتابعة.',
    invited: 'تدعوك {organization} إلى أن تصبح عضوًا في {host}.',
    button: 'عرض الدعوة',
    limits: 'يعمل الرابط مرة واحدة، في أي متصفح، لمدة أسبوع.',
    surprise: 'لا تعرف هذه المؤسسة؟ لا تفعل شيئًا إذًا: لن تصبح عضوًا في أي شيء من دونك.',
  },
};
