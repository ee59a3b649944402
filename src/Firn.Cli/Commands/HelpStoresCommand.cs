using Firn.Cli.Help;
using Firn.Cli.Parsing;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary><c>nix help-stores</c>: tells which kinds of stores there are, and what their addresses may say.</summary>
internal sealed class HelpStoresCommand : Command
{
    public override string Summary => "show help about store types and their settings";

    public override string Details => """
        Where a command takes a store ('--store', '--from', '--to', '--substituters'), an address says which one is meant.
        Behind a question mark it may have parameters: 'file:///mnt/cache?compression=zstd&priority=30'.

          auto               the daemon where one listens, else the store on this machine's disk
          local              the store on this machine's disk; a path such as '/mnt' or 'local?root=/mnt' is one below it
          daemon, unix://    what the daemon serves at its socket
          ssh-ng://host      what 'nix-daemon' serves on another machine
          ssh://host         what 'nix-store --serve' serves on another machine
          file://folder      a binary cache in a folder
          http(s)://address  a binary cache on a web server
          s3://bucket        a binary cache in an S3 bucket
          local-overlay://   a store laid over another one (experimental feature 'local-overlay-store')
          mounted-ssh-ng://  a store on another machine whose files are mounted here (experimental feature 'mounted-ssh-store')
          dummy://           a store with nothing in it, for evaluating

        Parameters of all stores: 'store' (the directory that paths are spelled with), and of substituters 'trusted'
        (signatures are not asked for).

        Of stores on disk: 'root', 'real', 'state', 'log', 'read-only', 'require-sigs', 'ignore-gc-delete-failure'; of
        overlays 'lower-store', 'upper-layer', 'check-mount', 'remount-hook'.

        Of other machines: 'ssh-key', 'base64-ssh-public-host-key', 'compress', 'remote-program', 'remote-store'.

        Of binary caches: 'priority' (the lowest number is asked first), 'want-mass-query', 'compression', 'compression-level', 'parallel-compression', 'secret-key', 'secret-keys',
        'write-nar-listing', 'index-debug-info', 'local-nar-cache'; on servers 'narinfo-compression', 'ls-compression',
        'log-compression', 'tls-certificate', 'tls-private-key'; in buckets 'region', 'endpoint', 'scheme', 'profile',
        'addressing-style', 'storage-class'.
        """;

    public override void Declare(Grammar grammar) { }

    public override int Run(Session session, Output output)
    {
        output.Text.Write(HelpText.Wrap(Details, 0) + "\n");
        return 0;
    }
}
