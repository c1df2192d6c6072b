import type { policy as english } from '../en/policy.ts';
import type { Translation } from '../message-types.ts';

export const policy: Translation<typeof english> = {
  policyHold: {
    denied: {
      title: 'لا يمكنك تسجيل الدخول هنا',
      lead: '{client} غير متاح لك في الوقت الحالي.',
      leadHere: 'صفحات حسابك غير متاحة لك في الوقت الحالي.',
      help: 'يعرف المسؤول المزيد ويستطيع تغيير ذلك.',
    },
    factor: {
      title: 'يلزم طريقة أخرى لتسجيل الدخول',
      two_factors: 'يطلب {client} خطوة ثانية، وليس لديك أي منها بعد.',
      passkey: 'يطلب {client} مفتاح مرور، وليس لديك أي منها بعد.',
      setUp: 'إعدادها في حسابك',
      thenGoOn: 'ارجع إلى هذه الصفحة وتابع.',
      goOn: 'متابعة',
    },
  },
  agreement: {
    title: 'قبل المتابعة',
    lead: 'يطلب {client} ما يلي أولًا.',
    leadHere: 'يُطلب ما يلي أولًا.',
    accept: 'أوافق على: {document}',
    version: 'الإصدار {version}',
    problem: {
      terms_missing: 'وافق على المذكور للمتابعة.',
      invalid: 'هناك ما ينقص أو ما لا يصلح.',
      form_expired: 'بقيت هذه الصفحة مفتوحة مدة طويلة. أجب مرة أخرى من فضلك.',
      not_allowed: 'لا يمكن حفظ ذلك. اسأل المسؤول.',
    },
  },
};
