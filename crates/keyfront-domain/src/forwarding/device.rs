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

const IOS: &[&str] = &["iPhone", "iPod", "iPad"];
/// "We recommend looking for the string Mobi anywhere in the User Agent" (MDN: Browser detection using the user agent).
const MOBILE: &[&str] =
    &["Mobi", "iPhone", "iPod", "Windows Phone", "BlackBerry", "BB10", "Opera Mini", "Symbian"];
const TABLET: &[&str] = &["iPad", "Tablet", "Kindle", "PlayBook", "Silk/"];
const SMART_TV: &[&str] = &[
    "SmartTV",
    "SMART-TV",
    "Smart TV",
    "SmartHub",
    "HbbTV",
    "AppleTV",
    "Apple TV",
    "GoogleTV",
    "Google TV",
    "Android TV",
    "BRAVIA",
    "Web0S",
    "NetCast",
    "Viera",
    "Roku",
    "CrKey",
    "AFTB",
    "AFTM",
    "AFTN",
    "AFTS",
    "AFTT",
    "OPR/TV",
    "InettvBrowser",
    "DTV",
];

impl Device {
    /// The device of a `User-Agent`; without one it is empty.
    pub fn of(user_agent: &str) -> Device {
        let any = |words: &[&str]| words.iter().any(|word| user_agent.contains(word));
        let android = user_agent.contains("Android");
        let smart_tv = any(SMART_TV);
        // A browser on an Android tablet leaves "Mobile" out (Google: User-Agent strings of Chrome for Android).
        let tablet = !smart_tv && (any(TABLET) || android && !user_agent.contains("Mobile"));
        let mobile = !smart_tv && any(MOBILE);
        Device { android, desktop: !(mobile || tablet || smart_tv), ios: any(IOS), mobile, smart_tv, tablet }
    }
}
