using Firn.Building;
using Firn.Model.Diagnostics;
using Firn.Sessions.Configuration;
using Firn.Sessions.Stores;
using Firn.Store.Local;

namespace Firn.Tests.Sessions;

/// <summary>Configuration: what files say, in which order it counts, and what is wrong with it.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public void A_line_is_a_name_an_equals_sign_and_words_and_a_hash_begins_a_comment()
    {
        var read = Read("cores = 4 # four\n\n  substituters =  a   b\nsystem =");

        Assert.Equal([("cores", "4"), ("substituters", "a b"), ("system", "")], read);
    }

    [Fact]
    public void An_included_file_counts_where_it_is_included_and_only_with_a_bang_may_it_be_missing()
    {
        var files = new Dictionary<string, string> { ["/etc/other.conf"] = "cores = 2" };

        Assert.Equal([("a", "1"), ("cores", "2"), ("b", "3")], Read("a = 1\ninclude other.conf\n!include none\nb = 3", files));
        Assert.Throws<UsageException>(() => Read("include none", files));
    }

    [Fact]
    public void A_file_that_includes_itself_ends_in_an_error() =>
        Assert.Throws<UsageException>(() => Read("include nix.conf", new() { ["/etc/nix.conf"] = "include nix.conf" }));

    [Theory]
    [InlineData("cores 4")]
    [InlineData("cores")]
    [InlineData("include a b")]
    public void A_line_in_another_form_is_an_error(string line) => Assert.Throws<UsageException>(() => Read(line));

    [Fact]
    public void Later_assignments_win_older_names_count_and_extra_adds()
    {
        var log = new ListLog();
        var settings = Configure(log, ("build-cores", "3"), ("cores", "5"), ("system-features", "a"), ("extra-system-features", "b"));

        Assert.Equal(5, settings.Get<BuildSettings>().Cores);
        Assert.Equal(["a", "b"], settings.Get<BuildSettings>().SystemFeatures);
        Assert.Empty(log.Messages);
    }

    [Fact]
    public void Unknown_settings_and_those_of_features_that_are_off_are_warned_about_once()
    {
        var log = new ListLog();
        Configure(log, ("foobar", "1"), ("foobar", "2"), ("impure-env", "a=b"));

        Assert.Equal(
            ["unknown setting 'foobar'", "Ignoring setting 'impure-env' because experimental feature 'configurable-impure-env' is not enabled"],
            log.Messages);
    }

    [Theory]
    [InlineData("64K", 65536)]
    [InlineData("2G", 2147483648)]
    [InlineData("18446744073709551615", long.MaxValue)]
    public void Sizes_have_binary_units_and_the_largest_means_no_limit(string text, long expected) =>
        Assert.Equal(expected, Configure(new ListLog(), ("min-free", text)).Get<LocalStoreSettings>().MinFree);

    [Fact]
    public void Colons_of_addresses_do_not_split_the_lookup_path() => Assert.Equal(
        ["nixpkgs=https://a.example/x", "/b", "channel:nixos", "c=flake:x"],
        LookupPathText.Split("nixpkgs=https://a.example/x:/b:channel:nixos:c=flake:x"));

    [Theory]
    [InlineData("", "auto", "")]
    [InlineData("daemon", "daemon", "")]
    [InlineData("dummy://", "dummy", "")]
    [InlineData("unix:///run/socket", "daemon", "/run/socket")]
    [InlineData("https://cache.example", "https", "cache.example")]
    public void Stores_are_named_by_address(string text, string scheme, string authority)
    {
        var reference = StoreReference.Parse(text);

        Assert.Equal((scheme, authority), (reference.Scheme, reference.Authority));
    }

    [Fact]
    public void A_directory_is_a_local_store_with_that_root() =>
        Assert.Equal("/some/root", StoreReference.Parse("/some/root?read-only=true").Parameters["root"]);

    [Theory]
    [InlineData("file://host/x", "cannot parse Nix store 'file://host/x'")]
    [InlineData("file://", "cannot parse Nix store 'file://'")]
    [InlineData("local://%ZZ", "cannot parse Nix store 'local://%ZZ'")]
    [InlineData("local?root=rel", "not an absolute path: 'rel'")]
    [InlineData("local?state=rel", "not an absolute path: 'rel'")]
    [InlineData("unix:///run/socket?store=rel", "not an absolute path: 'rel'")]
    [InlineData("file:///c?local-nar-cache=rel", "not an absolute path: 'rel'")]
    [InlineData("file:///c?write-nar-listing=foo", "Boolean setting 'write-nar-listing' has invalid value 'foo'")]
    [InlineData("https://c.example?priority=first", "setting 'priority' has invalid value 'first'")]
    public void Addresses_that_make_no_sense_are_refused(string text, string expected) => Assert.Contains(
        expected, Assert.Throws<UsageException>(() => StoreParameters.Check(StoreReference.Parse(text), _ => { })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("https://c.example?bogus=1&priority=3", "unknown setting 'bogus'")]
    [InlineData("ssh://h?compression=xz&compress=true", "unknown setting 'compression'")]
    [InlineData("s3://b?region=x&multipart-upload=true&secret-key=/k&path-info-cache-size=1")]
    [InlineData("/some/root?read-only=false&store=/nix/store")]
    public void Of_parameters_that_mean_nothing_one_is_warned(string text, params string[] expected)
    {
        var warnings = new List<string>();

        StoreParameters.Check(StoreReference.Parse(text), warnings.Add);

        Assert.Equal(expected, warnings);
    }

    [Theory]
    [InlineData("https://me:secret@c.example/x?secret-key=/key&priority=3", "https://***@c.example/x")]
    [InlineData("file:///c?compression=zstd", "file:///c")]
    [InlineData("s3://b?region=eu-west-1&secret-key=/key", "s3://b?region=eu-west-1")]
    [InlineData("/some/root?state=/x", "/some/root")]
    [InlineData("unix:///run/socket?max-connections=2", "unix:///run/socket")]
    public void Messages_name_a_store_without_its_parameters(string text, string expected) => Assert.Equal(expected, StoreReference.Parse(text).ToText());

    [Fact]
    public void A_root_moves_everything_but_the_spelling_of_store_paths()
    {
        var layout = LocalLayout.Of(StoreReference.Parse("/r"), _ => null);

        Assert.Equal("/nix/store", layout.Directory.Path);
        Assert.Equal("/r/nix/store", layout.RealStoreDirectory);
        Assert.Equal("/r/nix/var/nix", layout.StateDirectory);
    }

    private static (string, string)[] Read(string text, Dictionary<string, string>? files = null) =>
        [.. ConfigurationText.Read(text, "/etc/nix.conf", true, f => files?.GetValueOrDefault(f)).Select(a => (a.Name, a.Value))];

    private static ConfiguredSettings Configure(ListLog log, params (string Name, string Value)[] lines) =>
        new(lines.Select(l => new Assignment(l.Name, l.Value, true)), log);

    private sealed class ListLog : IMessageLog
    {
        public List<string> Messages { get; } = [];

        public bool Shows(Verbosity level) => true;

        public void Write(Verbosity level, string message) => Messages.Add(message);
    }
}
