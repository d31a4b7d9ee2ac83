// Emoji short codes and the characters they stand for.

const TABLE = `
grinning 😀|smiley 😃|smile 😄|grin 😁|laughing 😆|sweat_smile 😅|joy 😂|rolling_on_the_floor_laughing 🤣
slightly_smiling_face 🙂|upside_down_face 🙃|wink 😉|blush 😊|innocent 😇|heart_eyes 😍|star-struck 🤩|kissing_heart 😘
yum 😋|stuck_out_tongue 😛|thinking_face 🤔|zipper_mouth_face 🤐|neutral_face 😐|expressionless 😑|smirk 😏|unamused 😒
face_with_rolling_eyes 🙄|grimacing 😬|relieved 😌|pensive 😔|sleepy 😪|sleeping 😴|mask 😷|face_with_thermometer 🤒
dizzy_face 😵|exploding_head 🤯|partying_face 🥳|sunglasses 😎|nerd_face 🤓|face_with_monocle 🧐|confused 😕|worried 😟
slightly_frowning_face 🙁|open_mouth 😮|astonished 😲|flushed 😳|cold_sweat 😰|cry 😢|sob 😭|scream 😱|disappointed 😞
sweat 😓|weary 😩|tired_face 😫|yawning_face 🥱|triumph 😤|rage 😡|angry 😠|skull 💀|ghost 👻|alien 👽|robot_face 🤖
see_no_evil 🙈|hear_no_evil 🙉|speak_no_evil 🙊|heart ❤️|green_heart 💚|blue_heart 💙|purple_heart 💜|broken_heart 💔
sparkling_heart 💖|100 💯|boom 💥|collision 💥|sweat_drops 💦|dash 💨|speech_balloon 💬|thought_balloon 💭|zzz 💤|wave 👋
raised_hand ✋|ok_hand 👌|crossed_fingers 🤞|point_left 👈|point_right 👉|point_up_2 👆|point_down 👇|point_up ☝️|+1 👍
thumbsup 👍|-1 👎|thumbsdown 👎|fist ✊|facepunch 👊|clap 👏|raised_hands 🙌|open_hands 👐|handshake 🤝|pray 🙏
writing_hand ✍️|muscle 💪|eyes 👀|brain 🧠|bust_in_silhouette 👤|busts_in_silhouette 👥|firefighter 🧑‍🚒
technologist 🧑‍💻|detective 🕵️|man-shrugging 🤷‍♂️|woman-shrugging 🤷‍♀️|shrug 🤷|face_palm 🤦|running 🏃|dog 🐶|cat 🐱
turtle 🐢|snail 🐌|bug 🐛|ant 🐜|bee 🐝|snake 🐍|whale 🐳|penguin 🐧|chicken 🐔|bird 🐦|unicorn_face 🦄|seedling 🌱
evergreen_tree 🌲|cactus 🌵|tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁|trophy 🏆|medal 🏅|first_place_medal 🥇|dart 🎯
game_die 🎲|coffee ☕|tea 🍵|pizza 🍕|cake 🍰|beers 🍻|popcorn 🍿|apple 🍎|earth_africa 🌍|earth_americas 🌎|earth_asia 🌏
globe_with_meridians 🌐|world_map 🗺️|mountain ⛰️|sunrise 🌅|house 🏠|office 🏢|hospital 🏥|factory 🏭|rocket 🚀
airplane ✈️|ambulance 🚑|fire_engine 🚒|police_car 🚓|construction 🚧|fuelpump ⛽|rotating_light 🚨|traffic_light 🚦
vertical_traffic_light 🚦|octagonal_sign 🛑|anchor ⚓|hourglass ⌛|hourglass_flowing_sand ⏳|watch ⌚|alarm_clock ⏰
stopwatch ⏱️|timer_clock ⏲️|clock12 🕛|clock1 🕐|clock3 🕒|clock6 🕕|clock9 🕘|sunny ☀️|sun_with_face 🌞
partly_sunny ⛅|cloud ☁️|rain_cloud 🌧️|thunder_cloud_and_rain ⛈️|snowflake ❄️|umbrella ☔|zap ⚡|fire 🔥|droplet 💧
ocean 🌊|rainbow 🌈|crescent_moon 🌙|full_moon 🌕|new_moon 🌑|star ⭐|star2 🌟|sparkles ✨|dizzy 💫|comet ☄️|bell 🔔
no_bell 🔕|loudspeaker 📢|mega 📣|mute 🔇|speaker 🔈|postal_horn 📯|telephone ☎️|phone ☎️|telephone_receiver 📞|pager 📟
fax 📠|iphone 📱|calling 📲|battery 🔋|electric_plug 🔌|computer 💻|desktop_computer 🖥️|keyboard ⌨️|floppy_disk 💾|cd 💿
bulb 💡|flashlight 🔦|book 📖|open_book 📖|books 📚|notebook 📓|ledger 📒|scroll 📜|page_facing_up 📄|page_with_curl 📃
newspaper 📰|bookmark 🔖|bookmark_tabs 📑|label 🏷️|moneybag 💰|credit_card 💳|receipt 🧾|email ✉️|envelope ✉️
incoming_envelope 📨|inbox_tray 📥|outbox_tray 📤|package 📦|mailbox 📫|pencil2 ✏️|pencil 📝|memo 📝|briefcase 💼
file_folder 📁|open_file_folder 📂|card_index_dividers 🗂️|date 📅|calendar 📆|spiral_calendar_pad 🗓️
spiral_note_pad 🗒️|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|clipboard 📋|pushpin 📌
round_pushpin 📍|paperclip 📎|link 🔗|triangular_ruler 📐|scissors ✂️|wastebasket 🗑️|lock 🔒|unlock 🔓|key 🔑
closed_lock_with_key 🔐|hammer 🔨|hammer_and_wrench 🛠️|wrench 🔧|gear ⚙️|nut_and_bolt 🔩|bomb 💣|knife 🔪|shield 🛡️
toolbox 🧰|magnet 🧲|microscope 🔬|telescope 🔭|satellite 📡|satellite_antenna 📡|test_tube 🧪|dna 🧬|pill 💊|syringe 💉
thermometer 🌡️|broom 🧹|mag 🔍|mag_right 🔎|crystal_ball 🔮|ring_buoy 🛟|lifebuoy 🛟|fire_extinguisher 🧯|warning ⚠️
no_entry ⛔|no_entry_sign 🚫|x ❌|heavy_check_mark ✔️|white_check_mark ✅|ballot_box_with_check ☑️
negative_squared_cross_mark ❎|question ❓|grey_question ❔|exclamation ❗|heavy_exclamation_mark ❗
grey_exclamation ❕|bangbang ‼️|recycle ♻️|arrow_up ⬆️|arrow_down ⬇️|arrow_left ⬅️|arrow_right ➡️
arrow_upper_right ↗️|arrow_lower_right ↘️|arrow_heading_up ⤴️|arrow_heading_down ⤵️|arrows_counterclockwise 🔄
leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|twisted_rightwards_arrows 🔀|repeat 🔁|arrow_forward ▶️
double_vertical_bar ⏸️|black_square_for_stop ⏹️|fast_forward ⏩|rewind ⏪
black_right_pointing_double_triangle_with_vertical_bar ⏭️|arrow_up_small 🔼|arrow_down_small 🔽|arrow_double_up ⏫
arrow_double_down ⏬|red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢
large_blue_circle 🔵|large_purple_circle 🟣|large_brown_circle 🟤|black_circle ⚫|white_circle ⚪|radio_button 🔘
large_red_square 🟥|large_orange_square 🟧|large_yellow_square 🟨|large_green_square 🟩|large_blue_square 🟦
large_purple_square 🟪|black_square_button 🔲|white_square_button 🔳|black_large_square ⬛|white_large_square ⬜
black_small_square ▪️|white_small_square ▫️|small_blue_diamond 🔹|small_orange_diamond 🔸|large_blue_diamond 🔷
large_orange_diamond 🔶|small_red_triangle 🔺|small_red_triangle_down 🔻|information_source ℹ️|new 🆕|ok 🆗|sos 🆘
up 🆙|free 🆓|id 🆔|hash #️⃣|zero 0️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣
nine 9️⃣|keycap_ten 🔟|1234 🔢|checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️|flag-co 🇨🇴|flag-ke 🇰🇪
flag-np 🇳🇵|flag-us 🇺🇸|flag-gb 🇬🇧|flag-de 🇩🇪|flag-in 🇮🇳|ear 👂|nerd 🤓|salute 🫡|saluting_face 🫡|melting_face 🫠
heavy_plus_sign ➕|heavy_minus_sign ➖|infinity ♾️|hugging_face 🤗|hourglass_done ⌛|ladder 🪜|brick 🧱|chains ⛓️
compass 🧭|control_knobs 🎛️|level_slider 🎚️
`;

const CHARACTERS = new Map(
  TABLE.trim()
    .split(/[|\n]/)
    .map((entry) => entry.trim().split(" ")),
);

export const REACTIONS = [
  "+1", "white_check_mark", "eyes", "raised_hands", "tada", "heart",
  "joy", "thinking_face", "rotating_light", "fire", "pray", "wave",
];

/** The character for a short code without colons, or null when the code is not known. */
export function emojiCharacter(name) {
  return CHARACTERS.get(name.replace(/::skin-tone-\d$/, "")) ?? null;
}

/** Plain text with every known :short_code: turned into its character. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+)(?:::skin-tone-\d)?:/g, (whole, name) => emojiCharacter(name) ?? whole);
}
