using Firn.Profiles;
using Firn.Profiles.Packages;

namespace Firn.Tests.Profiles.Packages;

public sealed class PackagePlannerTests
{
    private static readonly Sample[] _all =
    [
        new("foo-1.0"), new("foo-2.0pre1"), new("bar-0.1"), new("foo-2.0"), new("bar-0.1.1"), new("foo-0.1", priority: 10), new("zip"),
    ];

    [Theory]
    [InlineData("foo", "foo-1.0 foo-2.0pre1 foo-2.0 foo-0.1")]
    [InlineData("foo-2.0", "foo-2.0")]
    [InlineData("f.*|zip", "foo-1.0 foo-2.0pre1 foo-2.0 foo-0.1 zip")]
    [InlineData("bar foo-1.0 bar", "bar-0.1 bar-0.1.1 foo-1.0")]
    [InlineData("*", "foo-1.0 foo-2.0pre1 bar-0.1 foo-2.0 bar-0.1.1 foo-0.1 zip")]
    [InlineData("", "foo-1.0 foo-2.0pre1 bar-0.1 foo-2.0 bar-0.1.1 foo-0.1 zip")]
    [InlineData("*-0.1", "bar-0.1 foo-0.1")]
    public void Selectors_name_packages_by_expression_and_version(string selectors, string selected) =>
        Assert.Equal(selected, Names(SelectionPlanner.Select(_all, Split(selectors))));

    [Theory]
    [InlineData("foo", "foo-2.0")]
    [InlineData("*", "bar-0.1.1 foo-2.0 zip")]
    [InlineData("foo-1.0 foo", "foo-1.0 foo-2.0")]
    public void Of_each_name_the_newest_is_taken(string selectors, string selected) =>
        Assert.Equal(selected, Names(SelectionPlanner.SelectNewest(_all, Split(selectors), "here", _ => Assert.Fail("nothing to warn of"))));

    [Fact]
    public void This_system_comes_before_priority_and_priority_before_version()
    {
        Sample[] packages = [new("a-3", "there"), new("a-1", priority: 9), new("a-2", priority: 9), new("b-9", priority: 3), new("b-1", priority: 2)];

        Assert.Equal("a-2 b-1", Names(SelectionPlanner.SelectNewest(packages, [], "here", _ => { })));
    }

    [Fact]
    public void Where_nothing_decides_the_first_is_taken_with_a_warning()
    {
        var (first, warnings) = (new Sample("a-1"), new List<string>());

        Assert.Same(first, Assert.Single(SelectionPlanner.SelectNewest([first, new Sample("a-1")], [], "here", warnings.Add)));
        Assert.Equal(["there are multiple derivations named 'a-1'; using the first one"], warnings);
    }

    [Theory]
    [InlineData("fo", "selector 'fo' matches no derivations, maybe you meant:\nfoo")]
    [InlineData("[", "selector '[' matches no derivations")]
    [InlineData("zap", "selector 'zap' matches no derivations, maybe you meant:\nzip\nbar")]
    [InlineData("quux", "selector 'quux' matches no derivations")]
    public void A_selector_that_matches_nothing_is_an_error_with_suggestions(string selector, string message) =>
        Assert.Equal(message, Assert.Throws<ProfileException>(() => SelectionPlanner.Select(_all, [selector])).Message);

    [Theory]
    [InlineData("foo-1.0", UpgradeKind.Newer, "foo-2.0")]
    [InlineData("foo-2.0", UpgradeKind.Newer, null)]
    [InlineData("foo-2.0", UpgradeKind.NewerOrEqual, "foo-2.0")]
    [InlineData("foo-1.0", UpgradeKind.Equal, "foo-1.0")]
    [InlineData("foo-9", UpgradeKind.Any, "foo-2.0")]
    [InlineData("none-1", UpgradeKind.Any, null)]
    public void Upgrades_go_to_the_newest_version_that_counts(string installed, UpgradeKind kind, string? best) =>
        Assert.Equal(best, UpgradePlanner.Best(new Sample(installed), _all, kind, _ => true)?.Name.Full);

    [Fact]
    public void An_upgrade_does_not_worsen_the_priority_and_must_be_allowed()
    {
        Assert.Equal("foo-2.0pre1", UpgradePlanner.Best(new Sample("foo-1.0"), _all, UpgradeKind.Newer, p => p.Name.Full != "foo-2.0")?.Name.Full);
        Assert.Null(UpgradePlanner.Best(new Sample("foo-0.0"), [new Sample("foo-0.1", priority: 10)], UpgradeKind.Newer, _ => true));
    }

    [Theory]
    [InlineData("foo-1.0", '<', "2.0")]
    [InlineData("foo-2.0", '=', "2.0")]
    [InlineData("foo-3", '>', "2.0")]
    [InlineData("none-1", '-', "?")]
    public void Versions_are_compared_with_those_of_the_same_name(string name, char sign, string version) =>
        Assert.Equal(new VersionDifference(sign, version), VersionDifference.Of(PackageName.Parse(name), _all.Where(s => s.Priority == 0).Select(s => s.Name)));

    private static string[] Split(string selectors) => selectors.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Names(IEnumerable<IPackage> packages) => string.Join(' ', packages.Select(p => p.Name.Full));

    private sealed class Sample(string name, string system = "here", long priority = 0) : IPackage
    {
        public PackageName Name { get; } = PackageName.Parse(name);

        public string System { get; } = system;

        public long Priority { get; } = priority;
    }
}
