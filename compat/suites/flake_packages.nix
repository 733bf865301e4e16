# The packages of the flake in `root`, with a stand-in for nixpkgs in which a package is what is asked of it.
{ root }:
let
  pkgs = {
    rustPlatform.buildRustPackage = wanted: wanted;
    mkShell = wanted: wanted;
    lib.licenses.asl20 = "Apache-2.0";
    installShellFiles = "installShellFiles";
    cargo = "cargo";
    clippy = "clippy";
    rustc = "rustc";
    rustfmt = "rustfmt";
    nodejs = "nodejs";
    python3 = "python3";
  };
  nixpkgs = {
    legacyPackages = {
      x86_64-linux = pkgs;
      aarch64-linux = pkgs;
      aarch64-darwin = pkgs;
    };
    lib.genAttrs = names: make: builtins.listToAttrs (map (name: { inherit name; value = make name; }) names);
  };
  flake = import (root + "/flake.nix");
  outputs = flake.outputs { self = "source"; inherit nixpkgs; };
in
builtins.mapAttrs (_system: made: {
  inherit (made.default) pname version postInstall;
  lock = builtins.pathExists made.default.cargoLock.lockFile;
}) outputs.packages
