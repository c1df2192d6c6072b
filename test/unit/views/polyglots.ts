/** Strings that break out of one context or another when a page forgets to escape (SECURITY-LESSONS 30). */
export const polyglots: readonly string[] = [
  `"><script>window.pwned=1</script><img src=x onerror="window.pwned=1">`,
  `'"--></title></style></textarea></script><svg onload=window.pwned=1>//`,
  `</pre></code><iframe srcdoc="<script>parent.pwned=1</script>">`,
  `" autofocus onfocus="window.pwned=1" x="`,
  `javascript:window.pwned=1`,
  `JaVaScRiPt&colon;window.pwned=1`,
  `java\nscript:window.pwned=1`,
  `\u0001javascript:window.pwned=1`,
  `data:text/html,<script>window.pwned=1</script>`,
  `vbscript:msgbox(1)`,
  `//evil.example/"onclick="window.pwned=1`,
  `/\\evil.example`,
  `https://evil.example/"onmouseover="window.pwned=1"`,
  `{{constructor.constructor('window.pwned=1')()}}\${window.pwned=1}`,
  `&lt;script&gt;window.pwned=1&lt;/script&gt;&#34; onload=&#34;`,
  `\u202Egnp.exe\u2028<b>\u0000</b>`,
];
