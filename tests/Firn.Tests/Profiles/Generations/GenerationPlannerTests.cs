using Firn.Model.Diagnostics;
using Firn.Profiles;
using Firn.Profiles.Generations;

namespace Firn.Tests.Profiles.Generations;

public sealed class GenerationPlannerTests
{
    private const long Day = 24 * 3600;
    private const long Now = 1_000_000_000;

    /// <summary>Five generations, made 50, 40, 30, 20 and 10 days ago.</summary>
    private static readonly Generation[] _five = [.. Enumerable.Range(1, 5).Select(n => new Generation((uint)n, $"/p/profile-{n}-link", Now - (6 - n) * 10 * Day))];

    [Theory]
    [InlineData("old", 5u, "1 2 3 4")]
    [InlineData("old", 3u, "1 2 4 5")]
    [InlineData("+2", 5u, "3 2 1")]
    [InlineData("+2", 3u, "1")]
    [InlineData("+9", 5u, "")]
    [InlineData("35d", 5u, "1")]
    [InlineData("35d", 1u, "")]
    [InlineData("5d", 5u, "4 3 2 1")]
    [InlineData("100d", 5u, "")]
    [InlineData("1 4", 5u, "1 4")]
    [InlineData("7", 5u, "")]
    public void Deletes_what_the_selector_says(string selector, uint current, string deleted) =>
        Assert.Equal(deleted, string.Join(' ', GenerationPlanner
            .Delete("profile", new(_five, current), GenerationSelector.Parse(selector.Split(' ')), Now).Select(g => g.Number)));

    [Fact]
    public void The_current_generation_is_not_deleted_by_its_number() =>
        Assert.Equal(ProfileErrors.CurrentGeneration, Assert.Throws<ProfileException>(
            () => GenerationPlanner.Delete("profile", new(_five, 4), GenerationSelector.Parse(["4"]), Now)).Diagnostic.Code);

    [Theory]
    [InlineData("0d", "invalid number of days specifier '0d'")]
    [InlineData("d3", "invalid number of days specifier 'd3', expected something like '14d'")]
    [InlineData("+", "invalid number of generations '+'")]
    [InlineData("+x", "invalid number of generations to keep '+x'")]
    [InlineData("+0", "Must keep at least one generation, otherwise the current one would be deleted")]
    [InlineData("-1", "invalid generation number '-1'")]
    public void A_selector_that_makes_no_sense_is_refused(string selector, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => GenerationSelector.Parse([selector])).Diagnostic.Message);

    [Theory]
    [InlineData(5u, null, 4u)]
    [InlineData(5u, 2u, 2u)]
    [InlineData(2u, 5u, 5u)]
    public void Switches_to_the_wanted_generation_or_the_one_before(uint current, uint? wanted, uint to) =>
        Assert.Equal(to, GenerationPlanner.Switch(new(_five, current), wanted).Number);

    [Theory]
    [InlineData(1u, null, "no profile version older than the current (1) exists")]
    [InlineData(null, null, "no profile version older than the current (0) exists")]
    [InlineData(5u, 9u, "profile version 9 does not exist")]
    public void What_is_not_there_cannot_be_switched_to(uint? current, uint? wanted, string message) =>
        Assert.Equal(message, Assert.Throws<ProfileException>(() => GenerationPlanner.Switch(new(_five, current), wanted)).Diagnostic.Message);

    [Fact]
    public void Numbers_go_on_from_the_last_generation_even_after_going_back() =>
        Assert.Equal(6u, GenerationPlanner.Next(new(_five, 2)));

    [Theory]
    [InlineData("profile-12-link", 12u)]
    [InlineData("profile-1-link-old", 1u)]
    [InlineData("profile-x-link", null)]
    [InlineData("profile--link", null)]
    [InlineData("profile", null)]
    [InlineData("profile2-1-link", null)]
    [InlineData("other-1-link", null)]
    public void Links_of_generations_are_told_by_their_names(string name, uint? number) =>
        Assert.Equal(number, GenerationName.Parse("profile", name));
}
