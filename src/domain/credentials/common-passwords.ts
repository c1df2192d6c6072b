// The shortest are left out: the length rule refuses them. Lower case, as `comparisonKey` gives it.
const WORDS = `
password password1 password2 password3 password12 password123 password1234 password12345 password! password1! password123!
passw0rd passw0rd1 passw0rd! passw0rd123 p@ssword p@ssword1 p@ssw0rd p@ssw0rd1 p@ssw0rd! p@ssw0rd123 pa$$word pa$$w0rd
passwort passwort1 passwort123 kennwort kennwort1 motdepasse contraseña contrasena contrasena1 wachtwoord wachtwoord1
passwordpassword mypassword mypassword1 newpassword newpassword1 yourpassword thepassword nopassword nopasswd
qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwerty1! qwerty123! qwertyqwerty
qwertz12 qwertz123 qwertz1234 azerty12 azerty123 azertyuiop 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6
1qaz2wsx 1qaz2wsx3edc qazwsxedc qazwsxedcrfv qazwsx123 zaq12wsx zaq1zaq1 1qazxsw2 !qaz2wsx asdfghjk asdfghjkl asdf1234 asdfasdf
asdfqwer zxcvbnm1 zxcvbnm123 zxcvasdf qweasdzxc qweasd123 qwe123qwe 123qweasd 123qwe123 123qweasdzxc 1234qwer qwer1234 qwerasdf
12345678 123456789 1234567890 12345678910 0123456789 01234567 23456789 87654321 987654321 9876543210 0987654321 123123123
12341234 12344321 1234512345 123454321 1234554321 123456654321 123321123 123654789 147258369 147852369 741852963 789456123
159357456 159753456 11223344 1122334455 112233445566 11112222 1111122222 12121212 13131313 1234abcd 12345abc 12345qwert
123456abc 123456ab 123456qwe 123456asd 1234567a 12345678a 123456789a 123456789q 1234567q 1234567890q a1234567 a12345678
a123456789 aa123456 aa12345678 aaa12345 ab123456 abc12345 abc123456 abc1234567 abcd1234 abcd12345 abcdef12 abcde123 abcdefg1
abc123abc abcabc123 a1b2c3d4 a1b2c3d4e5 1a2b3c4d q1234567 q12345678 q123456789 qq123456 w1234567 z1234567 z1x2c3v4
19841984 19851985 19861986 19871987 19881988 19891989 19901990 19911991 19921992 20002000 20202020 01012000 01011990
iloveyou iloveyou1 iloveyou2 iloveyou! iloveyou123 iloveu123 ilovegod iloveme1 loveyou1 loveyou2 lovelove lovers123 loveme123
mylove123 truelove sweetheart sunshine sunshine1 sunshine123 princess princess1 princess123 princesa football football1
football123 baseball baseball1 baseball123 basketball basketball1 volleyball softball soccer123 hockey123 superman superman1
superman123 batman123 spiderman spiderman1 pokemon1 pokemon123 starwars starwars1 startrek naruto123 dragon12 dragon123
dragonball monkey12 monkey123 shadow12 shadow123 master12 master123 masterkey michael1 michael123 michelle michelle1 jennifer
jennifer1 jessica1 jessica123 jordan23 jordan123 charlie1 charlie123 anthony1 ashley123 daniel123 andrew123 thomas123
robert123 nicholas nicole123 victoria elizabeth elizabeth1 alexander alexander1 alexandra samantha samantha1 stephanie
jonathan benjamin christian christine christopher veronica patricia margarita fernando alejandro carolina babygirl babygirl1
baby1234 angel123 angels123 butterfly butterfly1 chocolate chocolate1 strawberry blueberry cheesecake cupcake1 icecream
rainbow1 diamond1 midnight moonlight starlight snowball snowflake summer12 summer123 summer2023 summer2024 summer2025 summer2026
winter12 winter123 winter2023 winter2024 winter2025 winter2026 spring2024 spring2025 spring2026 autumn2024 autumn2025 autumn2026
january1 february september september1 october1 november december december1 monday123 friday123 whatever whatever1 trustno1
letmein1 letmein12 letmein123 letmein! welcome1 welcome12 welcome123 welcome1234 welcome1! welcome123! welcome2024 welcome2025
welcome2026 welcome@123 admin123 admin1234 admin12345 admin123456 admin123! admin@123 adminadmin adminpass adminpassword
administrator administrator1 administrador root1234 root12345 rootroot rootpassword toor1234 user1234 user12345 useruser
username username1 test1234 test12345 test123456 testtest testtest1 testing1 testing12 testing123 tester123 testpass testpassword
testuser guest123 guest1234 guestguest default1 default123 changeme changeme1 changeme12 changeme123 changeme! changeit
change_me change-me secret12 secret123 secret1234 secret12345 secretsecret topsecret supersecret superuser superuser1 sysadmin
sysadmin1 manager1 manager123 oracle123 mysql123 postgres postgres1 postgres123 database database1 server123 computer computer1
computer123 internet internet1 internet123 windows1 windows10 windows11 microsoft microsoft1 samsung1 samsung123 google123
facebook facebook1 youtube1 linkedin instagram whatsapp android1 iphone123 mustang1 mercedes porsche1 ferrari1 corvette
chevrolet harley123 yamaha123 liverpool liverpool1 chelsea1 arsenal1 arsenal123 barcelona barcelona1 realmadrid juventus
manchester manutd123 everton1 rangers1 celtic123 steelers cowboys1 patriots yankees1 lakers123 chicago1 newyork1 california
australia deutschland hamburg1 london123 metallica metallica1 nirvana1 slipknot blink182 eminem123 greenday ladygaga
zxcvbnm! hello123 hello1234 hello12345 hellohello helloworld helloworld1 hello123! goodbye1 blahblah blablabla bonjour1 bonjour123
doudou123 chouchou marseille hallo123 hallo1234 schatz123 passport1 password01 password00 password11 password22 password99
password69 password007 jamesbond jamesbond007 bond007007 matrix123 gandalf1 gandalf123 mordor123 access14 access123 mustang123
freedom1 freedom123 justice1 america1 america123 patriot1 marines1 soldier1 warrior1 warrior123 killer12 killer123 hunter12
hunter123 hunter22 fuckyou1 fuckyou2 fuckyou123 fuckyou! asshole1 bullshit1 bitch123 sexy1234 sexylady biteme123 pussycat
peaches1 buttercup cocacola coca-cola pepsi123 snickers snickers1 heineken budweiser jackdaniels corona123 marlboro
happy123 happy1234 happyday smile123 lucky123 lucky777 7777777a blessed1 blessing jesus123 jesus777 jesuschrist jesusislord
godisgood godislove christ123 heaven123 trinity1 maria123 mohammed muhammad abdullah krishna1 krishna123 ganesh123 indian123
india123 pakistan pakistan1 indonesia bismillah alhamdulillah sayang123 akusayangkamu woaini520 woaini1314 5201314520 5201314a
correcthorsebatterystaple doorward doorward1 doorward123 doorward! opensesame letmeinnow keycloak keycloak1
`;

/** The passwords attackers try first, of eight characters or more. NIST SP 800-63B §5.1.1.2 asks for such a list. */
export const commonPasswords: ReadonlySet<string> = new Set(WORDS.split(/\s+/).filter((word) => word !== ''));
