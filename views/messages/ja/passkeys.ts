import type { passkeys as english } from '../en/passkeys.ts';
import type { Translation } from '../message-types.ts';

export const passkeys: Translation<typeof english> = {
  passkeyPrompt: {
    get: {
      start: 'パスキーでログイン',
      failed: 'パスキーは使用されませんでした。もう一度試すか、別の方法でログインしてください。',
    },
    create: {
      start: 'パスキーを追加',
      failed: 'パスキーは作成されませんでした。準備ができたらもう一度お試しください。',
      exists: 'この端末には、このアカウントのパスキーがすでにあります。',
    },
  },
  passkeyOffer: {
    title: '次回からもっと速くログイン',
    later: '今はしない',
    laterHint: 'この設定はアカウントページでいつでも行えます。',
  },
  passkeys: {
    count: 'パスキーが {count, plural, other {# 個あります}}。',
    manage: 'パスキーを管理',
    title: 'パスキー',
    lead: 'パスキーを使うと、指紋、顔、または端末の PIN でログインできます。他人に知られたり、聞き出されたりすることはありません。',
    none: 'パスキーはまだありません。',
    yours: '登録済みのパスキー',
    synced: 'すべての端末で使用可能',
    local: 'この端末のみ',
    created: '追加日：{date}',
    used: '追加日：{date}、最終使用日：{used}',
    name: '{passkey}の名前',
    rename: '名前を変更',
    remove: '削除',
    removeLabel: '{passkey}を削除',
    needsScript: 'パスキーを追加するには、パスキーに対応したブラウザーと JavaScript が必要です。',
    problem: {
      form_expired: 'ページを開いてから時間が経ちすぎました。もう一度お試しください。',
      not_accepted: 'このパスキーを追加できませんでした。もう一度お試しください。',
      not_allowed: 'この種類のパスキーはここでは使用できません。使用できる種類は管理者にお尋ねください。',
      too_many: 'パスキーの数が上限に達しています。不要なものを削除してください。',
      name_missing: '名前は 1 文字以上 60 文字以内で入力してください。',
    },
    notice: {
      added: 'パスキーを追加しました。',
      renamed: '名前を変更しました。',
      removed: 'パスキーを削除しました。今後このパスキーではログインできません。',
    },
  },
  passkeyChangedMail: {
    subject: {
      added: 'パスキーが追加されました',
      removed: 'パスキーが削除されました',
      copied: 'パスキーが複製された可能性があります',
    },
    change: {
      added: 'アカウント {userName} にパスキーが追加されました。このパスキーではパスワードなしでログインできます。',
      removed: 'アカウント {userName} のパスキーが削除されました。今後このパスキーではログインできません。',
      copied:
        '複製とみられるパスキーでアカウント {userName} へのログインが試みられましたが、拒否されました。ご自身による操作の場合は、そのパスキーを削除して追加し直してください。',
    },
    passkey: 'パスキー',
  },
};
