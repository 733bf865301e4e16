{
  description = "CloudFront's KeyValueStore and functions on your own machine";

  # Rust 1.95 or later is needed, which stable channels may not have.
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      manifest = builtins.fromTOML (builtins.readFile ./Cargo.toml);
      each = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
    in
    {
      packages = each (pkgs: {
        default = pkgs.rustPlatform.buildRustPackage {
          pname = "keyfront";
          version = manifest.workspace.package.version;
          src = self;
          cargoLock.lockFile = ./Cargo.lock;
          cargoBuildFlags = [
            "--package"
            "keyfront"
          ];
          nativeBuildInputs = [ pkgs.installShellFiles ];
          # The tests drive clients that they install from registries, which a build here cannot reach.
          doCheck = false;
          postInstall = ''
            mkdir manual
            $out/bin/keyfront manual --out manual
            installManPage manual/*.1
            for shell in bash zsh fish; do
              $out/bin/keyfront completions $shell > keyfront.$shell
            done
            installShellCompletion keyfront.bash keyfront.zsh keyfront.fish
          '';
          meta = {
            description = "CloudFront's KeyValueStore and functions on your own machine";
            license = pkgs.lib.licenses.asl20;
            mainProgram = "keyfront";
          };
        };
      });

      devShells = each (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.cargo
            pkgs.clippy
            pkgs.rustc
            pkgs.rustfmt
            pkgs.nodejs
            pkgs.python3
          ];
        };
      });
    };
}
