//! The examples of the manual: by command, those of the nearest command above where one has none of its own.

/// A line to type and what it does.
type Example = (&'static str, &'static str);

/// All of them.
pub(super) const ALL: &[(&str, &[Example])] = &[
    (
        "keyfront",
        &[
            ("keyfront dev", "starts a server for development, with its data in .keyfront"),
            ("keyfront exec -- terraform apply", "runs an untouched Terraform project against it"),
            ("keyfront kvs create redirects --file redirects.csv", "makes a store and fills it from a file"),
        ],
    ),
    (
        "keyfront-dev",
        &[
            (
                "keyfront dev --ephemeral --seed seeds",
                "a server in memory that begins with the stores of a folder",
            ),
            ("keyfront dev --listen 127.0.0.1:0 --admin 127.0.0.1:0", "on free ports, which it prints"),
            ("keyfront dev --detach", "in the background; `keyfront dev --stop` ends it"),
            (
                "keyfront dev --fault 'PutKey=throttle,count=2'",
                "whose first two PutKey requests are throttled",
            ),
        ],
    ),
    (
        "keyfront-doctor",
        &[("keyfront doctor --output json", "what keeps AWS clients from the server, for a script")],
    ),
    (
        "keyfront-init",
        &[("keyfront init site", "a project to begin with; site/README.md has the commands to go on with")],
    ),
    (
        "keyfront-exec",
        &[
            ("keyfront exec -- aws cloudfront list-key-value-stores", "the AWS CLI at the server"),
            (
                "keyfront exec --separate-state -- terraform apply",
                "Terraform, without touching the project's state",
            ),
            ("keyfront exec --strict-network -- pytest", "a test suite that cannot reach AWS"),
        ],
    ),
    (
        "keyfront-terraform-override",
        &[
            ("keyfront terraform override", "a state of its own for this server, until it is removed"),
            ("keyfront exec -- tofu apply", "which OpenTofu and Terraform then use"),
            ("keyfront terraform override --remove", "the project's own state again"),
        ],
    ),
    (
        "keyfront-aws",
        &[("keyfront aws cloudfront list-key-value-stores --output table", "the AWS CLI at the server")],
    ),
    (
        "keyfront-env",
        &[
            ("eval \"$(keyfront env)\"", "points the AWS clients of this shell at the server"),
            (
                "keyfront env --format github >> \"$GITHUB_ENV\"",
                "those of the later steps of a job of GitHub",
            ),
            ("keyfront env --format dotenv > .env", "those of a program that reads such a file"),
        ],
    ),
    (
        "keyfront-kvs",
        &[
            ("keyfront kvs ls redirects", "lists the pairs of a store"),
            (
                "keyfront kvs sync redirects --file redirects.csv --exclusive",
                "makes it hold the pairs of a file",
            ),
            ("keyfront kvs diff redirects --file redirects.csv --aws", "compares a file with a store at AWS"),
        ],
    ),
    (
        "keyfront-cfn",
        &[
            ("keyfront cfn deploy site.yaml --dry-run", "shows what a deploy of the template would change"),
            (
                "keyfront cfn deploy cdk.out --yes --output-value Bucket.RegionalDomainName=b.s3.amazonaws.com",
                "deploys what cdk synth wrote, with a value of a bucket that is passed over",
            ),
            ("keyfront cfn delete site", "deletes the resources of a stack"),
        ],
    ),
    (
        "keyfront-fault",
        &[
            ("keyfront fault add PutKey=throttle,count=2", "throttles the next two PutKey requests"),
            (
                "keyfront fault add CreateKeyValueStore=error=EntitySizeLimitExceeded",
                "answers with an error of the model",
            ),
            ("keyfront fault clear", "removes all faults"),
        ],
    ),
    (
        "keyfront-snapshot",
        &[
            ("keyfront snapshot save clean", "saves what the server holds"),
            ("keyfront snapshot restore clean", "puts it back"),
        ],
    ),
    ("keyfront-reset", &[("keyfront reset --endpoint http://127.0.0.1:4700", "empties exactly this server")]),
    (
        "keyfront-fn",
        &[
            ("keyfront fn run function.js", "runs a function here, without a server"),
            ("keyfront fn check function.js", "finds what CloudFront would refuse"),
        ],
    ),
    (
        "keyfront-keys",
        &[
            ("keyfront keys generate --out keys", "makes a key pair"),
            ("keyfront keys create web --public-key keys/public_key.pem", "uploads its public half"),
        ],
    ),
    (
        "keyfront-credentials",
        &[(
            "keyfront credentials create --config keyfront.toml --account 123456789012 --user ci --policy policy.json",
            "makes a credential",
        )],
    ),
];

/// The examples of a command, which is named as its page is: `keyfront-kvs-sync`.
pub(super) fn of(command: &str) -> &'static [Example] {
    let own = ALL.iter().find(|(name, _)| *name == command).map(|(_, examples)| *examples);
    match (own, command.rsplit_once('-')) {
        (Some(examples), _) => examples,
        (None, Some((above, _))) => of(above),
        (None, None) => &[],
    }
}
