import type { branding as english } from '../en/branding.ts';
import type { Translation } from '../message-types.ts';

export const branding: Translation<typeof english> = {
  brandingPreview: {
    title: 'معاينة الهوية البصرية',
    lead: 'تسجيل الدخول والموافقة والحساب ورسالة بريد، بالمظهرين الفاتح والداكن، على شاشة عريضة وعلى هاتف. لا يُحفظ شيء هنا، ولا يمكن الضغط على شيء في الصور.',
    whose: 'هوية مَن',
    whoseHint: 'اترك الحقلين فارغين للنظام كله.',
    organization: 'معرّف المؤسسة',
    application: 'معرّف العميل',
    load: 'عرض المحفوظ',
    branding: 'الهوية البصرية (JSON)',
    brandingHint: 'كما تقبلها واجهة الإدارة البرمجية. وما لم يُذكر يؤخذ من المستوى الأعلى. الشعارات عناوين data:.',
    show: 'عرض دون حفظ',
    problem: {
      form_expired: 'انتهت صلاحية هذا النموذج. راجعه وأرسله مرة أخرى.',
      not_json: 'هذا ليس JSON.',
      no_owner: 'لا توجد مؤسسة أو تطبيق بهذا المعرّف.',
      invalid: 'سيُرفض هذا:',
    },
    pages: { signIn: 'تسجيل الدخول', consent: 'الموافقة', account: 'الحساب', mail: 'رسالة بريد' },
    views: {
      wideLight: 'فاتح، شاشة عريضة',
      phoneLight: 'فاتح، هاتف',
      wideDark: 'داكن، شاشة عريضة',
      phoneDark: 'داكن، هاتف',
    },
    frame: '{page}: {view}',
    samplePerson: 'Alice Archer',
    sampleApplication: 'تطبيق تجريبي',
  },
};
