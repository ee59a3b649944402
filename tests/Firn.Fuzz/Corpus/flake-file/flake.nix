{
  description = "A flake";
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    near.url = ./near;
    tool = { type = "git"; url = "https://example.org/tool"; ref = "main"; submodules = true; };
    other = { url = "path:../other"; flake = false; inputs.nixpkgs.follows = "nixpkgs"; };
    same.follows = "other/nixpkgs";
    self.submodules = true;
  };
  nixConfig = { substituters = [ "https://cache.example.org" ]; cores = 2; show-trace = true; path = ./hook; };
  outputs = { self, nixpkgs, extra, ... }@inputs: { packages = { }; };
}
