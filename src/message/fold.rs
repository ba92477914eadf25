//! Character tables of the normaliser: which characters are noise, and which stand for the same thing.

use std::sync::LazyLock;

/// Old, variant and simplified forms, each pair `variant, form in use today in Japan`.
///
/// Old forms: the 常用漢字表 (Cabinet notice 2 of 2010) gives them in brackets after the form in use; the simplified
/// ones are what a Chinese input method leaves in Japanese text.
const KANJI: &str = "\
    國国 拂払 圓円 發発 變変 淨浄 應応 歐欧 價価 假仮 會会 繪絵 覺覚 學学 樂楽 關関 觀観 勸勧 歡歓 歸帰 \
    龜亀 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 區区 驅駆 徑径 惠恵 溪渓 經経 繼継 莖茎 螢蛍 輕軽 鷄鶏 藝芸 缺欠 \
    儉倹 劍剣 圈圏 檢検 權権 獻献 縣県 險険 顯顕 驗験 嚴厳 效効 廣広 恆恒 鑛鉱 號号 濟済 碎砕 齋斎 劑剤 \
    櫻桜 册冊 雜雑 參参 慘惨 棧桟 蠶蚕 贊賛 殘残 絲糸 齒歯 辭辞 濕湿 實実 舍舎 寫写 釋釈 壽寿 收収 從従 \
    澁渋 獸獣 縱縦 肅粛 處処 緖緒 敍叙 將将 牀床 燒焼 稱称 證証 乘乗 剩剰 壤壌 孃嬢 條条 狀状 疊畳 讓譲 \
    釀醸 囑嘱 觸触 寢寝 愼慎 眞真 盡尽 圖図 粹粋 醉酔 隨随 髓髄 數数 樞枢 聲声 靜静 齊斉 攝摂 竊窃 專専 \
    戰戦 淺浅 潛潜 踐践 錢銭 禪禅 曾曽 雙双 壯壮 搜捜 插挿 巢巣 爭争 總総 聰聡 莊荘 裝装 騷騒 增増 藏蔵 \
    臟臓 屬属 續続 墮堕 體体 對対 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 單単 擔担 膽胆 團団 彈弾 斷断 癡痴 遲遅 \
    晝昼 蟲虫 鑄鋳 廳庁 聽聴 鎭鎮 遞逓 鐵鉄 轉転 點点 傳伝 黨党 盜盗 燈灯 當当 鬪闘 獨独 讀読 屆届 繩縄 \
    貳弐 惱悩 腦脳 霸覇 廢廃 拜拝 賣売 麥麦 拔抜 髮髪 蠻蛮 祕秘 濱浜 竝並 邊辺 邉辺 辨弁 瓣弁 辯弁 寶宝 \
    豐豊 襃褒 飜翻 萬万 滿満 默黙 彌弥 藥薬 譯訳 豫予 餘余 與与 譽誉 搖揺 樣様 謠謡 來来 賴頼 亂乱 覽覧 \
    龍竜 兩両 獵猟 綠緑 壘塁 淚涙 勵励 禮礼 隸隷 靈霊 齡齢 戀恋 爐炉 勞労 樓楼 錄録 灣湾 亞亜 惡悪 壓圧 \
    圍囲 爲為 醫医 壹壱 稻稲 飮飲 隱隠 營営 榮栄 衞衛 驛駅 悅悦 閱閲 緣縁 鹽塩 奧奥 橫横 溫温 穩穏 畫画 \
    擴拡 殼殻 嶽岳 陷陥 卷巻 寬寛 氣気 曉暁 勳勲 薰薫 旣既 虛虚 鄕郷 黃黄 黑黒 冱冴 嶋島 嶌島 﨑崎 髙高 \
    濵浜 渕淵 桒桑 槗橋 栁柳 舘館 冨富 靍鶴 凜凛 峯峰 羣群 畧略 裡裏 谿渓 讐讎 凉涼 减減 决決 况況 冲沖 \
    门門 发発 帐帳 账帳 额額 费費 诉訴 讼訟 终終 纳納 请請 证証 认認 银銀 户戸 电電 话話 联連 络絡 务務 \
    约約 过過 处処 违違 规規 执執 权権 债債 时時 间間 问問 题題 开開 关関 闭閉 单単 书書 长長 东東 车車 \
    马馬 鸟鳥 见見 贝貝 财財 贷貸 购購 贩販 质質 资資 赔賠 赏賞 现現 环環 说説 语語 读読 课課 调調 谁誰 \
    谢謝 译訳 识識 词詞 试試 诈詐 该該 详詳 误誤 诺諾 计計 订訂 记記 许許 设設 访訪 评評 议議 讨討 让譲 \
    训訓 网網 线線 细細 组組 织織 绍紹 经経 结結 给給 统統 继継 续続 维維 综総 缴繳 罚罰 义義 习習 乐楽 \
    亿億 仅僅 从従 价価 优優 传伝 伤傷 侧側 侦偵 币幣 师師 帮幇 并併 广広 库庫 应応 庆慶 张張 弹弾 强強 \
    归帰 录録 态態 总総 恶悪 惊驚 惩懲 戏戯 战戦 扑撲 扩拡 护護 报報 拥擁 择択 挂掛 换換 据拠 损損 摇揺 \
    无無 显顕 晓暁 术術 机機 杀殺 杂雑 极極 构構 检検 样様 标標 欢歓 气気 汇匯 汉漢 沟溝 泽沢 测測 浏瀏 \
    济済 浓濃 涨漲 渐漸 满満 灭滅 灵霊 炼煉 热熱 爱愛 牵牽 狱獄 猎猟 异異 畅暢 疗療 盘盤 监監 确確 码碼 \
    离離 种種 积積 稳穏 竞競 笔筆 签簽 简簡 类類 红紅 纠糾 级級 纪紀 纯純 纸紙 纹紋 练練 绝絶 绿緑 编編 \
    缓緩 缘縁 罗羅 职職 聪聡 肃粛 胁脅 胜勝 脑脳 节節 药薬 获獲 营営 虑慮 虽雖 补補 觉覚 览覧 贸貿 贵貴 \
    贺賀 赁賃 输輸 辆輌 边辺 达達 迁遷 运運 还還 进進 远遠 连連 适適 选選 递逓 遗遺 邮郵 释釈 钟鐘 钥鑰 \
    钱銭 铁鉄 链鎖 锁鎖 错錯 键鍵 镜鏡 阅閲 队隊 阶階 际際 陆陸 险険 难難 页頁 项項 顺順 须須 预予 领領 \
    频頻 颜顔 风風 饭飯 馆館 驱駆 验験 骗騙 鲜鮮 齐斉 齿歯 龄齢 龙竜 贰弐 叁参 弍弐 仟千 佰百 圆円 圜円 \
    囯国 囶国 戶戸 吳呉 吿告 說説 稅税 脫脱 閒間 靑青 卽即 尙尚 每毎 步歩 渴渇 揭掲 晚晩 祿禄 穗穂 鍊錬 \
    鄰隣 頰頬 塡填 剝剥 瘦痩 麵麺";

/// Letters and signs that are drawn alike or stand for each other: `look-alike, representative`.
///
/// The kanji is the representative, so that numerals keep their value in the normal text (`ニ` is `二`, `ー` next to
/// kanji is `一`). Phrases go through the same fold, so both sides meet. Small kana are folded to large ones because
/// bank names and half-width input write them so; へ, べ and ぺ are the same strokes in both kana.
const KANA: &str = "\
    カ力 ロ口 囗口 エ工 ニ二 ハ八 卜ト タ夕 オ才 チ千 夂夕 ぁあ ぃい ぅう ぇえ ぉお っつ ゃや ゅゆ ょよ \
    ゎわ ゕか ゖけ ァア ィイ ゥウ ェエ ォ才 ッツ ャヤ ュユ ョヨ ヮワ ヵ力 ヶケ へヘ べベ ぺペ ㇰク ㇱシ \
    ㇲス ㇳト ㇴヌ ㇵ八 ㇶヒ ㇷフ ㇸヘ ㇹホ ㇺム ㇻラ ㇼリ ㇽル ㇾレ ㇿ口 〇0 ○0 ◯0 ⚪0 ⭕0 ⚬0 \
    〡1 ⺟母 ⺠民 ⺡氵 ⺩玉 ⺫目 ⺬示 ⺮竹 ⺯糸 ⺶羊 ⺷羊 ⺼肉 ⺾艹 ⻀艹 ⻂衣 ⻃西 ⻄西 ⻅見 ⻆角 ⻉貝 \
    ⻋車 ⻌辶 ⻑長 ⻓長 ⻔門 ⻖阝 ⻘青 ⻙韋 ⻚頁 ⻛風 ⻜飛 ⻝食 ⻟食 ⻢馬 ⻣骨 ⻤鬼 ⻩黄 ⻫斉 ⻭歯 ⻯竜 \
    ⻲亀 ·・ •・ ∙・ ⋅・ ‧・ ●・ 〝\" 〟\" 〜~ ～~";

/// Latin, Greek and Cyrillic letters (lower case) and the Latin letter that they are drawn like.
/// Source: Unicode confusables data (UTS #39), restricted to letters in use.
const LATIN: &str = "\
    аa вb сc ԁd еe һh іi јj кk ӏl мm нh оo рp ԛq ѕs тt цu ѵv ѡw \
    ԝw хx уy үy гr пn єe ґr ɡg ɩi ʏy ᴀa ʙb ᴄc ᴅd ᴇe ғf ɢg ʜh ᴊj \
    ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ᴢz αa βb γy εe ηn ιi κk \
    νv οo ρp τt υu χx ωw σo ϲc ϳj ɑa ıi ȷj łl đd øo ħh ŧt ɐa ƒf";

static BMP: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut table = vec![0u16; 0x1_0000];
    let mut set = |pairs: &str| {
        let mut chars = pairs.chars().filter(|ch| *ch != ' ');
        while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
            let to = u16::try_from(u32::from(to)).unwrap_or(0);
            if let Some(slot) = table.get_mut(u32::from(from) as usize)
                && u32::from(from) != u32::from(to)
            {
                *slot = to;
            }
        }
    };
    set(KANJI);
    set(KANA);
    // A variant may lead to another variant (`參` to `参` to ...): resolved here, so that one look-up is enough.
    for at in 0..table.len() {
        let mut to = table.get(at).copied().unwrap_or(0);
        for _ in 0..4 {
            match table.get(usize::from(to)) {
                Some(&next) if to != 0 && next != 0 && next != to => to = next,
                _ => break,
            }
        }
        if let Some(slot) = table.get_mut(at) {
            *slot = if usize::from(to) == at { 0 } else { to };
        }
    }
    table
});

static LATIN_LIKE: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut pairs = Vec::new();
    let mut chars = LATIN.chars().filter(|ch| *ch != ' ');
    while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
        if from != to {
            pairs.push((from, to));
        }
    }
    pairs.sort_unstable();
    pairs
});

/// The representative of a CJK character or sign (above U+2000), itself where it has none.
pub(super) fn cjk(ch: char) -> char {
    match BMP.get(u32::from(ch) as usize) {
        Some(&to) if to != 0 => char::from_u32(u32::from(to)).unwrap_or(ch),
        _ => ch,
    }
}

/// The Latin letter that a lower-case Greek, Cyrillic or extended letter is drawn like.
pub fn latin_like(ch: char) -> Option<char> {
    let at = LATIN_LIKE.binary_search_by_key(&ch, |pair| pair.0).ok()?;
    LATIN_LIKE.get(at).map(|pair| pair.1)
}

/// Characters without a picture of their own: zero-width, bidi controls, soft hyphen, variation selectors, fillers,
/// tags, and the interlinear and object marks.
pub(super) fn ignorable(ch: char) -> bool {
    matches!(u32::from(ch),
        0x00AD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFC
        | 0x1_BCA0..=0x1_BCA3 | 0x1_D173..=0x1_D17A | 0xE_0000..=0xE_0FFF)
}

/// Kanji, kana and their marks: characters that Japanese writes without spaces between them.
pub(super) fn is_cjk(ch: char) -> bool {
    ch >= '\u{2E80}'
        && matches!(u32::from(ch),
        0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3038..=0x303B | 0x3041..=0x3096 | 0x309D..=0x309F
        | 0x30A1..=0x30FA | 0x30FC..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0x2_0000..=0x3_FFFF)
}

/// As [`is_cjk`], with the punctuation of Japanese: no space stands beside these in the normal text.
pub(super) fn is_wide(ch: char) -> bool {
    is_cjk(ch)
        || (ch > '\u{3000}'
            && matches!(u32::from(ch), 0x3001..=0x3040 | 0x3099..=0x30FB | 0x31C0..=0x31EF | 0x3200..=0x33FF))
}

/// Signs that a sender pushes between characters to break a phrase up.
pub(super) fn is_separator(ch: char) -> bool {
    matches!(
        ch,
        '.' | '・'
            | ','
            | '、'
            | '。'
            | '*'
            | '_'
            | '/'
            | '|'
            | '~'
            | '\''
            | '`'
            | ':'
            | ';'
            | '!'
            | '+'
            | '='
            | '^'
            | '#'
            | '-'
            | '\\'
            | '"'
    )
}

/// Hyphens, dashes and bars but the long vowel mark and the kanji one.
pub(super) fn is_hyphen(ch: char) -> bool {
    matches!(
        u32::from(ch),
        0x2D | 0x2010..=0x2015 | 0x2043 | 0x2212 | 0x2500 | 0x2501 | 0x30A0 | 0xFE58 | 0x2796 | 0x23AF
    )
}
