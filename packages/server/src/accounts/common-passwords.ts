/**
 * Passwords that are guessed first, and words that most of them are made of. From the frequency list of zxcvbn
 * (Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc., (c) 2021 @zxcvbn-ts; MIT licence), which counts them in
 * passwords that became public: its first 7,000, as far as they are long enough to be chosen here, and of the shorter
 * ones the first 2,200.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `
0.0.0.000 01011900 01011910 01011960 01011970 01011974 01011975 01011977 01011978 01011979 01011980 01011981
01011982 01011983 01011984 01011985 01011986 01011987 01011988 01011989 01011990 01011991 01011992 01011993
01011994 01011995 01011999 01012000 01012001 01012010 01012011 01020304 01021990 01031985 01031988 01031989
01041985 01041988 01061986 01061990 01071986 01081989 01091987 01091989 01121986 01121988 02011980 02011981
02011982 02011983 02011984 02011985 02011986 02011987 02011988 02011989 02021973 02021976 02021979 02021981
02021982 02021983 02021984 02021985 02021986 02021987 02021988 02021989 02021990 02031977 02031979 02031980
02031981 02031982 02031984 02031985 02031986 02031987 02031988 02031989 02041974 02041975 02041979 02041980
02041981 02041982 02041983 02041984 02041985 02041986 02041987 02041988 02041989 02051973 02051976 02051978
02051980 02051981 02051982 02051983 02051984 02051985 02051986 02051987 02051988 02051989 02061980 02061982
02061983 02061984 02061985 02061986 02061987 02061988 02061989 02071978 02071979 02071980 02071981 02071982
02071983 02071984 02071986 02071987 02071988 02071989 02081977 02081980 02081982 02081983 02081984 02081985
02081986 02081987 02081988 02081989 02091980 02091981 02091983 02091984 02091985 02091986 02091987 02091989
02101979 02101981 02101983 02101984 02101985 02101986 02101987 02101988 02101989 03031986 03041986 03041991
03082006 04041988 04041991 05051985 05051987 05051989 06061986 07071987 07091990 08031985 08031986 08051990
08081988 08121986 09051945 10011986 10011990 10031988 10041986 10051987 10071987 10071988 10101986 10101990
10203040 1029384756 11021985 11051987 11051990 11061985 11081989 11111111 11112222 11121986 111222333
11221122 11223344 1122334455 11235813 1123581321 12011987 12021988 12031985 12031987 12051988 12121985
12121990 12131415 12301230 12312312 123123a 1232323q 123321123 12344321 123454321 1234554321 123456123
123456654321 12345678 123456789 1234567890 1234567890a 1234567890q 1234567891 12345678910 123456789a
123456789q 123456789s 123456789z 12345678a 12345678q 12345679 1234567a 1234567q 123456a 123456aa 123456q
123456qw 123456qwe 123456qwerty 123456ru 123456z 12345a 12345q 12345qwe 12345qwert 1234abcd 1234asdf
1234qwer 12365478 123654789 12369874 123698745 123789456 123abc 123asd 123qq123 123qwe 123qwe123 123qweasd
123qweasdzxc 123qwerty 12qw12qw 12qw34er 12qwaszx 13021990 13031987 13041987 13041988 13061986 13071984
13121985 13243546 134679852 135792468 1357924680 14021985 14021986 14061991 14081985 14111986 14725836
147258369 147852369 14789632 147896325 15011987 15021985 15051981 15051990 15071987 15101986 15426378
16051987 16051989 16121987 17011987 17051988 17061988 17111985 18011987 18061990 18091985 18091986 18436572
19011989 19031985 19061987 19101987 19283746 192837465 19411945 1a2b3c 1a2b3c4d 1a2s3d4f 1passwor 1q2w3e
1q2w3e4r 1q2w3e4r5 1q2w3e4r5t 1q2w3e4r5t6y 1qa2ws3ed 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 1x2zkg8w 1z2x3c4v
20031987 20051988 20061988 20091988 20091991 20111986 21011988 21011989 21011991 21031987 21031988 21031990
21051988 21051991 21101986 21122112 22011988 22021986 22021989 22031984 22041987 22041988 22061988 22071986
23021986 23031990 23041987 24011985 24061986 24111987 24111989 25011990 25031987 25041988 25081988 25091987
25091990 25121987 25800852 25802580 26031988 26061987 27061988 27081990 28011987 28021990 28021992 28041987
29011985 29051989 29071983 30031988 30041986 30041987 30051985 31011987 31031988 31415926 321654987
45m2do5bs 4815162342 50spanks 51505150 73501505 74108520 741852963 78945612 789456123 7894561230 7ugd5hip2j
8j4ye3uz 9293709b13 963852741 987456321 a12345 a123456 a1234567 a12345678 a123456789 a1b2c3 a1b2c3d4
a1s2d3f4 aa123456 aardvark aaron abc123 abc12345 abcd1234 aberdeen abgrtyu abigail abnormal abrakadabra
absolute access access14 accord achilles action adam adgjmptw adidas admin adrian adrienne africa agent007
airborne airforce airplane alabama alaska albatros albert alberto alejandr alejandro aleksandr aleksandra
alessandro alex alexalex alexande alexander alexandr alexandra alexandre alexis alfred alicia aliens alison
allen alliance allison alpha alpha1 alphabet alpine always alyssa amadeus amanda amateur amateurs amber
america america1 american amsterda amsterdam anaconda anakin anal anastasi anastasia anastasiya andersen
anderson andre andrea andreas andrei andrew andrew1 andrey andromed andromeda andy andyod22 angel angel1
angel123 angela angelica angelika angelina angelo angels anhyeuem animal anna annabell annie antelope
anthony anthony1 anton antonina antonio anubis anything apache apollo apollo13 apple apple1 apple123
applepie apples april aquarius aragorn archer archie argentin argentina arizona arkansas armagedon armstron
arnold arsenal arsenal1 arthur artist asd123 asdasd asdf asdf123 asdf1234 asdfasdf asdfg asdfgh asdfgh01
asdfghj asdfghjk asdfghjkl asdfzxcv asdqwe123 asdzxc ashleigh ashley aspirine assass assassin asshole
asshole1 assholes assman athena atlanta atlantic atlantis attitude auburn audrey august augustus aurora
austin australi australia autumn avalanch avalon avatar aviation awesome azerty azsxdcfv babe babes baby
babybaby babyblue babydoll babyface babygirl babylon babylon5 babylove backdoor badass badboy badger baggins
bailey ball baller balloons balls bambam banana bananas bandit bangbang banshee barbados barbara barbie
barcelon barcelona barefoot baritone barney barselona baseball baseball1 basket basketba basketball bass
bassman bastard batman battle baxter bcfields beach beagle bear bearbear bearcats beatles beatrice beautifu
beautiful beauty beaver beavis beefcake beer beerbeer beetle bender benjamin benson bentley bergkamp
berkeley berlin bernard bernie bertha bianca bigballs bigblock bigboobs bigbooty bigboy bigcock bigdaddy
bigdick bigdog bigfoot biggie bigguy bigmac bigman bigmoney bigone bigpoppa bigred bigtits bill billy
billybob billyboy bingo binladen bird birdie birthday biscuit bishop bismillah bitch bitchass bitches biteme
blabla black black1 blackbir blackcat blackdog blackhaw blackie blackjac blackjack blackman blackout blade
blades blahblah blaster blazer blessed blessing blink182 blizzard blonde blondie blood blowfish blowjob
blowme blue blue123 blue22 blueball bluebell bluebird blueblue blueeyes bluefish bluemoon blues bluesky
bluesman bobafett bobbob bobby bobcat bobdylan boeing bollocks bomber bond bond007 bondage bonehead bonjour
bonnie boobies booboo boobs booger boogie bookworm boomboom boomer booty borabora borussia boss boston
bottom bowling bradford bradley brandi brandon brandon1 brandy brasil braves brazil brenda brendan brewster
brian brianna bridge brighton brigitte britney brittany brittney broadway bronco broncos broncos1 brooke
brooklyn brooks brother brothers brown brownie browning browns bruce brucelee bruins bruno brutus bubba
bubba1 bubble bubbles buck buckeye buckeyes buckshot budapest buddha buddy buddy1 buddy123 buddyboy budlight
budweise buffalo buffalo1 buffett buffy bugger building bulldog bulldog1 bulldogs bullet bullfrog bullseye
bullshit bunghole bunny burger burton business buster butler butt butter buttercu butterfl butterfly
buttfuck butthead butthole buttons byteme cactus cadillac caesar caliente californ california caligula
calimero callaway callie callisto calvin camaro cambiami cameltoe camera cameron cameron1 camille campbell
canada canadian cancer candy candyman cannabis cannon cantona capetown capital capricor capricorn capslock
captain cardinal carlitos carlo carlos carmen carnival carolina caroline carpedie carpente carrie carrot
carson carter cartman cartman1 casanova caserta casey casino casper cassandr cassidy cassie castillo castle
catalina catch22 catdog catfish catherin catherine cats catwoman cavalier cbr900rr cdtnkfyf celica celtic
cerberus cessna cfitymrf chainsaw chambers champion chance chandler change changeme chaos charger chargers
charlene charles charles1 charlie charlie1 charlott charlotte charlton charly check checkers cheese chelsea
chelsea1 chemical cherokee cherries cherry cheryl cheshire chester chester1 chestnut chevelle chevrole
chevrolet chevy cheyenne chicago chicago1 chichi chicken chicken1 chickens chicks chiefs children chipmunk
chipper chocolat chocolate choochoo chopper chris chris1 chris123 chrisbln chrissy christ christia christian
christie christin christina christine christma christmas christop christopher christy chronic chrysler
chubby chuck chuckles chucky cindy cinnamon cjkysirj cjkywt claire clarence clarinet clarissa classic
classics claudia claymore clayton cleopatr cleopatra clevelan clifford clinton clippers clitoris clover
cnfybckfd cobra cocacola cock cocksuck cody coffee coldbeer coldplay colleen college collins colombia
colorado colors colt45 coltrane columbia columbus comanche commando compaq complete computer concorde
concrete condor confused connect connie connor consumer control cookie cookies cool coolcool cooldude coolio
coolness cooper copper corleone corona corvette cosmos costello cosworth cotton cougar country courtney
coventry cowboy cowboys cowboys1 coyote cracker crawford crazy crazybab cream creampie creation creative
creature cricket cricket1 criminal crimson cristian cristina crjhgbjy cromwell crusader crystal crystal1
cthutq cumming cumshot cunt curious curtis customer cutiepie cygnusx1 cynthia daddy dagger daisy dakota
dallas damian damien dancer danger daniel daniela danielle danni danny dannyboy dark darkangel darklord
darkness darkside darkstar darren darwin dave david david1 david123 davidson daylight daytona dbrnjhbz
deadhead deadpool death death666 debbie december deedee deepthroat deeznuts deeznutz defender deftones
delete delta denis denise dennis denver derparol derrick design designer desire destiny detroit devil
devil666 devildog devils dexter dfktynby dfktynbyf dfvgbh diablo diamond diamond1 diamonds diana dick
dickhead diesel dietcoke digger digital digital1 dilbert dilligaf dillon dima dingdong dinosaur director
dirtbike dirty discover disney dkflbckfd dkflbvbh doberman doctor dodge dodger dodgeram dodgers dodgers1
doggie doggy doghouse dogpound dogs dollar dolphin dolphin1 dolphins dominic dominion domino donald donkey
dontknow doodle dookie doomsday dorothy doughboy douglas download downtown dragon dragon1 dragon12 dragonba
dragonball dragons dream dreamer dreams driver drizzt drowssap drpepper drummer drummer1 dthjybrf dublin
ducati dude dudedude dudley duke dumbass duncan dustin dusty dutchess dynamite eagle eagle1 eagles earnhard
eastside eastwood eatme eatpussy eatshit eclipse eclipse1 eddie edward einstein ekaterina elaine elcamino
eldorado electric electron element elena elephant elizabet elizabeth elizaveta elvis elwood emerald emily
eminem emmanuel empire energy enforcer engine engineer england english enigma enjoy enter enterpri
enterprise eric ericsson erotic escort estrella eternity eugene evangelion evelyn everlast everton evolution
excalibu excalibur exigen explorer express extreme f00tball facebook fairlane faithful falcon family
fandango fantasia fantasy fantomas farmer farscape fastball faster fatboy fatcat father fearless february
federico felix fender ferguson fernando ferrari ferrari1 ferret festival fetish fgtkmcby ficken fighter
finger finish fire fireball firebird firefigh firefire firefly fireman firewall fish fishbone fisher
fishfish fishhead fishing fishing1 fktrcfylh fktrcfylhf fktrctq flamingo flash flatron fletcher flexible
flight flipper florence florida florida1 flounder flower flowers fluffy flyers foobar football football1
ford fordf150 forest forever forget formula formula1 forsaken fossil foster fountain foxtrot foxylady france
frances francesc francesco francis francisc francois frank frankie franklin freak freaky freckles fred
freddie freddy frederic fredfred fredrick free freebird freedom freedom1 freefall freefree freeman freepass
freeporn freeuser french friday friend friendly friends frog froggy front242 frontier frosty fuck
fuck_inside fucked fucker fuckface fuckfuck fuckhead fucking fuckinside fuckit fuckme fuckoff fuckoff1
fuckthis fuckyou fuckyou1 fuckyou2 fullmoon function funtime fusion future fyfcnfcbz fyfnjkbq fylhtq
fyutkbyf gabriel gabriel1 gabriela gabriell galaxy galina galore gambit gamecock gamecube gameover gandalf
gandalf1 gangbang gangsta gangster garcia garden garfield gargoyle garrett gateway gateway1 gatorade gators
gbhfvblf geheim gemini general genesis genesis1 genius geoffrey george georgia gerald gerard german germany
geronimo gertrude gesperrt getmoney getsome gfhjkm gfhjkm123 gfhjkmgfhjkm ghbdtn ghbdtn123 ghbdtnbr ghblehjr
ghbywtccf ghjcnj ghjcnjgfhjkm ghjcnjnfr ghjuhfvvf ghost ghostrider giants gibson gilbert gilligan ginger
giovanna giovanni girl girls giuseppe gizmo gladiato gladiator global gloria gn56gn56 goblin goblue goddess
godfathe godfather godsmack godzilla goforit gold goldberg golden goldfish goldie goldstar goldwing golf
golfball golfer golfgolf gonzalez goober good good123654 goodluck goodtime google gordon gordon24 gorgeous
gorilla gotcha gothic gotohell grace gracie graham graphics grateful great greatone green green1 green123
greenbay greenday greg gregory grendel gretchen griffey griffin grizzly groovy gtnhjdbx guardian guinness
guitar gundam gunner hacker halflife hamilton hamlet hammer hamster handball handsome handyman hannah
hannibal hansolo happiness happy happy1 happy123 happyday hard hardcock hardcore harddick hardon hardrock
hardware harley harmony harold harris harrison harry harrypotter harvey hastings hawaii hawaii50 hawaiian
hawkeye hawkeyes hayabusa head heather heather1 heaven hector hedgehog heineken heinrich helena hell
hellfire hello hello1 hello123 hellyeah help helpme hendrix henry hentai herbert hercules heritage herman
hershey hesoyam hetfield highbury highheel highland highlander hiphop history hitman hjvfirf hobbes hobbit
hockey holden holiday holidays holland holly hollywoo hollywood holmes holyshit home homer honda honda1
honey honeybee hongkong honolulu hooker hooligan hoosiers hooters hoover hopeless hornet horney horny horse
horses hotboy hotdog hotpussy hotrod hotsex hotstuff hottie hounddog house houston howard hummer hunter
hunting hurrican hurricane huskers hyperion ibanez icecream icehouse iceman idontkno idontknow ihateyou
illinois illusion ilovesex iloveu iloveyou iloveyou1 iloveyou2 immortal impala imperial indian indiana
indians indigo infantry inferno infiniti infinity insane insanity inside insomnia inspiron integra internet
intrepid intruder inuyasha ireland irina irish irishman ironman isabel isabella isabelle island islander
istanbul italia iverson iverson3 iwantu jack jackass jackass1 jackie jackjack jackoff jackson jackson1
jackson5 jacob jaguar jake jakejake jamaica james james007 james1 james123 jamesbon jamesbond jamie janice
january japan japanese jasmin jasmine jasmine1 jason jason1 jasper jayhawks jazz jeanette jeep jeff jefferso
jeffrey jellybea jennifer jenny jeremiah jeremy jericho jermaine jerome jerry jersey jessica jessica1 jessie
jester jesus jesus1 jiggaman jimmy joanna joanne joejoe joey johannes john johncena johndeer johngalt
johnjohn johnny johnson johnson1 joker jonathan jones jordan jordan23 joseph josephin josh joshua juice
julia julian julie juliette jumper jungle junior jupiter just4fun justdoit justice justin justme juventus
kaiser kakashka kamikaze kangaroo kansas karate karen karina karolina katana katarina katerina katherin
katherine kathleen katie katrina kawasaki kayleigh kazantip kcj9wx5n keeper kelly kelsey kennedy kenneth
kentucky kenworth kermit kevin keyboard keystone killbill killer killer12 killkill kimberly king kingdom
kingfish kingkong kingston kirill kisskiss kissme kissmyass kitten kitty kittycat kittykat kjrjvjnbd klaster
kleopatra knickers knicks knight knights knockers knuckles kodiak kolobok konstantin kordell1 koroleva
kramer krasotka kristen kristin kristina kristine labrador lacrosse ladies lady ladybug lakers lakeside
lalakers lancelot lancer larisa larry lasvegas latino laura lauren laurence lawrence leather leavemealone
ledzep leedsutd legend legion legolas lemonade lennon leonard leonardo lesbian lesbians leslie lestat lester
letmein letmein1 letmein2 liberty licker lickme lifehack lifetime light lightnin lightning lights lincoln
linda lindsay lindsey lineage2 lionking lipstick liquid lisa lisalisa little liverpoo liverpool lizard
lobster logan logitech lokomotiv lol123 lolita lollipop lollol lollypop london lonestar lonewolf long
longdong longhorn longjohn looking lorenzo lorraine loser louise loulou love loveless lovelife lovelove
lovely loveme lover loverboy lovers loveyou loving lowrider lucas lucifer lucky lucky1 lucky7 luckydog luke
luther lvbnhbq macdaddy machine maddie maddog madeline madison madison1 madman madmax madness madonna madrid
maestro magazine maggie magic magic1 magician magicman magnolia magnum maiden mailcreated5240 majestic
makaveli maksim maksimka malcolm malibu mamapapa manager manchest manchester mandarin mandingo maniac manson
manuel manutd maradona marathon marcel marcello marco marcus margaret margarit margarita maria mariah
marianna marianne marie marijuana marina marine mariners marines marines1 marino marino13 mario marion
mariposa marjorie mark markus marlboro marley marlin marseille marshall martha martin martina martinez
martini marvin mary maryjane maryland masamune master master1 master12 masters matrix matt matthew matthew1
matthews matthias mature maurice maverick maxima maximus maxine maxmax maxwell maxwell1 mazafaka mazda626
mazdarx7 mcdonald mckenzie meatball meathead meatloaf mechanic medicine megadeth megaman megapass megatron
melanie melissa melissa1 melvin member memphis meowmeow mephisto mercedes mercury meredith meridian merlin
mersedes metallic metallica mexico miami michael michael1 michael2 michaela michaels michel michele michelle
michigan mickey microlab microphone microsof microsoft midnight miguel mike mikemike milano military miller
millie million millions millwall milton mine minecraft minemine ministry minnie mirage miranda mischief
misfit99 mission missouri missy mister mistress misty mitchell mobile mobydick mohammed mollie molly molly1
mollydog monalisa monday money money1 money123 moneyman mongoose monica monika monique monitor monkey
monkey1 monkey12 monkeybo monopoly monroe monster monster1 monsters montana montgom240 montreal mookie
moomoo moon moonbeam moonligh moonlight moose morgan morpheus morris morrison mortgage mortimer moscow
mother motherfucker motherlode motorola mountain mouse movie mozart mudvayne muffin mulder multiplelo
munchkin murphy murray muscle mushroom music musicman mustang mustang1 mustang6 mustangs mylove mypassword
nadine naked napoleon naruto nascar nascar24 nasty nastya natali natalia natalie natasha nathalie nathan
national naughty nautilus ncc1701 ncc1701a ncc1701d ncc1701e nebraska nelson nemesis neptune netscape
network nevermind newcastl newcastle newlife newman newpass newpass6 newport newton newyork newyork1 nfnmzyf
nicholas nick nicola nicolas nicole nigger nightmare nikita nikki nimrod niners ninja nintendo nipple
nipples nirvana nirvana1 nissan nokia6233 nokia6300 nokian73 nolimit noname123 none nonenone nookie norman
northern norton nostromo notebook nothing november nugget nuttertools nwo4life nygiants nylons nymets
oakland obiwan oblivion obsidian october office oicu812 oklahoma oksana oldman olga oliver olivia omega
onelove online open openup operator orange original orion orlando oscar osiris ou812 outlaw overkill
overlord oxford p0015123 p@ssw0rd pa55w0rd pa55word pacific packard packers packers1 paintbal paintball
pakistan paladin pallmall palmer palmtree pamela panama panasoni panasonic pandora pantera pantera1 panther
panther1 panthers panties pantyhos panzer papillon paradigm paradise paradox paramedi paranoid paris parker
parrot party pasadena pascal pass pass123 pass1234 passat passion passpass passport passw0rd passwor
passwor1 password password1 password12 password123 password2 passwords passwort patches patience patricia
patrick patrick1 patriot patriots patton paul pavilion peace peaches peaches1 peanut peanuts pearljam
pebbles peekaboo peewee pegasus pencil penelope penguin penguin1 penguins penis penny penthous pentium
people pepper pepsi pepsi1 perfect personal pervert peter peterpan peterson phantom pharmacy philip philippe
philips phillies phillip phillips philly phoebe phoenix phoenix1 photos phpbb pianoman picard picasso pickle
pickles pictures pierre piglet pikachu pimp pimpin pineappl pineapple ping pingpong pink pinkfloy pinkfloyd
pioneer pipeline piramida pirate pirates pitbull pizza planet plastic platinum platypus playboy playboy1
player playstat playstation playtime please pleasure plymouth poison pokemon pokemon1 polaris police polina
polniypizdec0211 polopolo pontiac poohbear pookie pool6123 poontang poop poopie poopoo pooppoop popcorn
popeye porkchop porn porno pornporn pornstar porsche porsche1 porsche9 porter portland portugal poseidon
positive postal potato potter powder power powers preacher precious predator prelude presario presiden
president preston pretty prince princes princess pringles private private1 privet property prospect psycho
pumpkin pumpkin1 pumpkins punisher punkrock purple pussies pussy pussy1 pussy123 pussycat pussyman pussys
pyramid python q12345 q1w2e3 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 q2w3e4r5 qawsed qawsedrf qaz123 qazqaz qazwsx
qazwsx12 qazwsx123 qazwsxed qazwsxedc qazwsxedc123 qazwsxedcrfv qazxsw qazxswedc qqq111 quality question
qwaszx qwe123 qwe123qwe qweasd qweasd123 qweasdzxc qweqwe qwer1234 qwerasdf qwert qwert123 qwert12345 qwerty
qwerty1 qwerty11 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyu qwertyui qwertyuio
qwertyuiop r2d2c3po rabbit racecar racerx rachel racing radiohea radiohead ragnarok raider raiders raiders1
railroad rainbow rainbow1 rainbow6 raistlin rammstein random randy ranger ranger1 rangers rangers1 raptor
rascal rasdzv3 rasputin rastaman raven ravens raymond razz realmadrid reaper rebecca rebecca1 rebels
reckless recovery red123 redalert redbaron reddevil reddog reddwarf redhead redman redneck redrum redskins
redsox redwings reggie regina register remember remingto renegade research resident review revolver reynolds
rfnthbyf rfrfirf rfvfcenhf rhbcnbyf rhfcjnrf rhiannon rhjrjlbk rhtdtlrj ricardo richard richard1 richards
richie richmond rick rightnow ripper rjhjktdf rjirfrgbde rjntyjr rjycnfynby roadkill roadking roadrunn
roadster robbie robert robert1 roberto robin robinson robotech robotics rochelle rock rocker rocket rockford
rockhard rocks rockstar rocky rocky1 rodney roland rolltide roman romashka rommel ronald ronaldo ronnie
rooster rootbeer roscoe rose rosebud rosemary roxanne rubber rulez runescape runner rush2112 ruslan russell
russia rusty ryan sabine sabrina sadie safety sailboat sailing sailor saints sakura salamander salasana
sally salmon salvador samantha sammie sammy sammy1 sampson samson samsung samsung1 samuel samurai sandiego
sandman sandra sandrine sandwich sandy santiago sapphire sarah sarah1 saratoga sasha sasha_007 satan666
saturday saturn sausages savage savannah scarface scarlet scarlett school scooby scoobydo scoobydoo scooter
scooter1 scorpio scorpio1 scorpion scotland scott scotty scrabble screamer scruffy scully seahawks search
seattle sebastia sebastian secret security seinfeld seminole semperfi senators sentinel septembe september
serega serena serenity sergeant sergei sergey sergio sersolution service services sesame seven seven7 sex4me
sexsex sexual sexy sexygirl sexylady sexysexy shadow shadow1 shaggy shalom shamrock shaney14 shanghai
shannon shannon1 shark sharks sharon shasta shaved shazam sheila shelby shelly shepherd sheridan sherlock
sherman sherry sherwood shiloh shirley shit shitface shithead shogun shooter shopping short shorty shotgun
showme showtime sidekick sidney siemens sierra silver silverad silvia simon simone simple simpson simpsons
sinclair singer single sinister sinner sirius sister sithlord skater skeeter skipper skippy skittles
skorpion skyline skywalke skywalker slamdunk slapshot slayer slick slimshady slipknot slippery slowhand slut
sluts smackdow smashing smeghead smile smiles smiley smirnoff smith smitty smoke smokey smooth snake snakes
snapper snatch sneakers snickers sniper snoopdog snoopy snowball snowboar snowboard snowflak snowman
snuggles sobaka soccer soccer1 soccer10 soccer12 socrates softball software sojdlg123aljg soldier solitude
solomon solution somethin something sommer sonyericsson sooners sophia sophie soso123aljg soulmate southern
southpar southpark spaceman spanking spanky sparky spartak spartan spartan1 spartans special specialk
spectrum speed speedy spencer spencer1 spider spiderma spiderman spike spirit spitfire splinter spongebo
spongebob spooky sporting sports spring springer sprint sprinter sprite spunky spyder squirrel squirt
srinivas stacey stalker stallion standard stanford stanislav stanley star starbuck starcraf starcraft
stardust starfire starfish stargate starligh stars starship starstar startrek starwars stealth steelers
stefan stefanie stella stephane stephani stephanie stephen stephen1 sterling steve steven stevie stewart
sticky stimpy stinger stingray stinky stocking stone stonecol stonecold stones storm stormy straight
stranger strawber strawberry street strength strider strike stripper stuart student stupid subaru sublime
success success1 suck sucker suckit suckme suckmydick sucks sugar sullivan summer summer99 sundance sunday
sundevil sunflowe sunflower sunny sunnyday sunrise sunset sunshine super super123 superfly superior superman
superman1 supersta superstar support surfer surfing survivor susan suzanne suzuki svetlana swallow sweet
sweetie sweetnes sweetness sweetpea sweets sweety swimming swinger swingers swinging swordfis swordfish
sydney sylvia syncmaster syracuse system tacobell talisman tamara tanker tanner target tarheel tarheels
tarzan tattoo taurus taylor tazman tazmania teacher technics techno teddy teddybea teddybear teen teens
telephon temppass tennis tequila teresa terminal terminat terminator terrapin terry test test1 test123
test1234 tester testing testing1 testpass testtest texas thailand thanatos thanks thankyou thedoors thegame
thegreat theman theodore theone therock thirteen thisisit thomas thompson threesom thuglife thumper thunder
thunder1 thunderb thursday thx1138 tiberius tickle tiffany tiffany1 tiger tiger1 tiger123 tigers tigger
timber time timothy tina tinker tinkerbe tinkerbell tintin titanic titanium titans titleist tits tkbpfdtnf
together tokiohotel tomahawk tomcat tommy tommyboy tomorrow tomtom tony topgun tornado toronto toshiba
tottenha tottenham toyota tracey training trains trance transam transfer translator travel traveler travis
treasure trebor trevor trfnthbyf triangle trigger trinidad trinitro trinity tristan triumph trixie trojan
trombone trooper tropical trouble trouble1 truck trucker trucking trucks truelove trumpet trunks trustno1
tucker tunafish turbo turkey turkey50 turner turtle tweety twilight twister tyler ultimate umbrella underdog
underground undertak undertaker unicorn united universa universal universe unreal username usuckballz1
vacation vagina valencia valentin valentina valentine valera valerie valhalla valkyrie vampire vampires
vanessa vanguard vanhalen vasilisa vegeta velvet vendetta verbatim veronica veronika vertigo vfhbyf
vfhufhbnf vfitymrf vfrcbv vfrcbvrf vfvfgfgf vfvjxrf victor victoria victory video viewsoni viewsonic viking
vikings vikings1 viktor viktoria viktoriya vincent violet violetta viper viper1 virgin virginia vision
vjqgfhjkm vkontakte vladimir vladislav volkswag volume voodoo voyager voyager1 vsjasnel12 walker wallace
walnut walter wanderer wanker warcraft wareagle warhammer warlock warren warrior warrior1 warriors washburn
washingt washington water waterloo waters watson weasel webhompas webmaste webmaster webster weed weezer
welcome welcome1 werewolf wesley western westham westside westwood wetpussy wg8e3wjf whatever wheels
whiskers whiskey whistler white whiteboy whiteout whitesox whitney whocares whore whynot wicked wildbill
wildcard wildcat wildcats wildfire wildwood william william1 williams willie willow wilson windmill windows
windsurf winner winnie winston winston1 winter wireless wisdom wishbone wizard wolf wolfgang wolfman
wolfpack wolverin wolverine wolves wombat women wonder woodland woody woody1 woofwoof wordpass world
wp2003wp wrangler wrestler wrestlin wrestling wrinkle1 wutang xavier xfiles yamaha yamahar1 yankee yankees
yankees1 yankees2 ybrbnf yeahbaby yellow yfcntymrf yfnfif yjdsqgfhjkm yogibear yomama yosemite young yvonne
z1x2c3v4 zachary zachary1 zanzibar zaq123 zaq12wsx zaq1xsw2 zaqwsx zaqxswcde zeppelin zerocool zildjian
zipper zombie zxasqw12 zxc123 zxcasdqwe zxcasdqwe123 zxcv1234 zxcvbn zxcvbnm zxcvbnm1 zxcvbnm123
`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
