{ config, pkgs, lib, ... }:
let
  cfg = config.services.example;
  ports = map (p: p + 1) [ 80 443 ];
  inherit (lib) mkIf mkOption types;
in
{
  options.services.example = {
    enable = lib.mkEnableOption "example";
    port = mkOption { type = types.port; default = 8080; };
  };

  config = mkIf cfg.enable {
    networking.hostName = "atlas";
    networking.firewall.allowedTCPPorts = ports ++ [ cfg.port ];
    environment.etc."example.conf".text = ''
      port = ${toString cfg.port}
      ${lib.concatMapStringsSep "\n" (name: "host = ${name}") (builtins.attrNames config.networking.hosts)}
    '';
    systemd.services.example = {
      wantedBy = [ "multi-user.target" ];
      script = if cfg.port == 0 then "true" else "${pkgs.example}/bin/example --port ${toString cfg.port}";
      serviceConfig = { DynamicUser = true; } // cfg.extra or { };
    };
    users.users.alice.extraGroups = [ "wheel" ] |> lib.unique;
  };
}
