//! What kind of a device a viewer has, by its `User-Agent`.

/// The kinds of a device, of which several can be true. "For some tablet devices, CloudFront sets both
/// CloudFront-Is-Mobile-Viewer and CloudFront-Is-Tablet-Viewer to true" (AWS: Add CloudFront request headers).
///
/// AWS does not publish by what it tells them. These rules follow what vendors document of their `User-Agent`; what no
/// rule knows is a desktop, as AWS's own samples of events have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "six headers, each true or false")]
pub struct Device {
    /// An Android system.
    pub android: bool,
    /// None of mobile, tablet and TV.
    pub desktop: bool,
    /// An Apple mobile system: iPhone, iPod, iPad.
    pub ios: bool,
    /// A mobile device.
    pub mobile: bool,
    /// A TV, or a box on one.
    pub smart_tv: bool,
    /// A tablet.
    pub tablet: bool,
}

const UNKNOWN: Device =
    Device { android: false, desktop: false, ios: false, mobile: false, smart_tv: false, tablet: false };
const MOBILE: Device = Device { mobile: true, ..UNKNOWN };
const SMART_TV: Device = Device { smart_tv: true, ..UNKNOWN };
const TABLET: Device = Device { tablet: true, ..UNKNOWN };

/// What words in a `User-Agent` begin with, and what they say.
const WORDS: &[(&str, Device)] = &[
    ("Android", Device { android: true, ..UNKNOWN }),
    ("iPhone", Device { ios: true, mobile: true, ..UNKNOWN }),
    ("iPod", Device { ios: true, mobile: true, ..UNKNOWN }),
    ("iPad", Device { ios: true, tablet: true, ..UNKNOWN }),
    // "We recommend looking for the string Mobi" (MDN: Browser detection using the user agent).
    ("Mobi", MOBILE),
    ("Windows Phone", MOBILE),
    ("BlackBerry", MOBILE),
    ("BB10", MOBILE),
    ("Opera Mini", MOBILE),
    ("Symbian", MOBILE),
    ("Tablet", TABLET),
    ("Kindle", TABLET),
    ("PlayBook", TABLET),
    ("Silk/", TABLET),
    ("SmartTV", SMART_TV),
    ("SMART-TV", SMART_TV),
    ("Smart TV", SMART_TV),
    ("SmartHub", SMART_TV),
    ("HbbTV", SMART_TV),
    ("AppleTV", SMART_TV),
    ("Apple TV", SMART_TV),
    ("GoogleTV", SMART_TV),
    ("Google TV", SMART_TV),
    ("Android TV", SMART_TV),
    ("BRAVIA", SMART_TV),
    ("Web0S", SMART_TV),
    ("NetCast", SMART_TV),
    ("Viera", SMART_TV),
    ("Roku", SMART_TV),
    ("CrKey", SMART_TV),
    // Models of Fire TV: AFTS, AFTMM, AFTKA and so on (Amazon: Identify Fire TV devices).
    ("AFT", SMART_TV),
    ("OPR/TV", SMART_TV),
    ("InettvBrowser", SMART_TV),
    ("DTV", SMART_TV),
];

impl Device {
    /// The device of a `User-Agent`; without one it is empty.
    pub fn of(user_agent: &str) -> Device {
        let mut said = UNKNOWN;
        let mut before = b' ';
        for (place, byte) in user_agent.bytes().enumerate() {
            if byte.is_ascii_alphabetic() && !before.is_ascii_alphanumeric() {
                let rest = user_agent.get(place..).unwrap_or_default();
                // The first letter alone rules out nearly all of them.
                let fits = |word: &str| word.as_bytes().first() == Some(&byte) && rest.starts_with(word);
                for (_, device) in WORDS.iter().filter(|(word, _)| fits(word)) {
                    said = said.and(*device);
                }
            }
            before = byte;
        }
        let smart_tv = said.smart_tv;
        // A browser on an Android tablet leaves "Mobile" out (Google: User-Agent strings of Chrome for Android).
        let tablet = !smart_tv && (said.tablet || said.android && !said.mobile);
        let mobile = !smart_tv && said.mobile;
        Device { desktop: !(mobile || tablet || smart_tv), mobile, tablet, ..said }
    }

    fn and(self, more: Device) -> Device {
        Device {
            android: self.android || more.android,
            desktop: self.desktop || more.desktop,
            ios: self.ios || more.ios,
            mobile: self.mobile || more.mobile,
            smart_tv: self.smart_tv || more.smart_tv,
            tablet: self.tablet || more.tablet,
        }
    }
}
