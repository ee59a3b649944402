using Firn.CacheServer.Collecting;

namespace Firn.Tests.CacheServer;

public sealed class RetentionPlannerTests
{
    private static readonly DateTimeOffset _limit = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_nobody_asked_for_goes_and_what_the_rest_refers_to_stays() => Assert.Equal(
        ["old", "old-library"],
        RetentionPlanner.FindDead(
            [
                Path("old", -1, "old-library", "library"), Path("old-library", -1), Path("new", 1, "library", "elsewhere"),
                Path("library", -5, "deep"), Path("deep", -5, "library"),
            ],
            _limit));

    private static (string, DateTimeOffset, IReadOnlyList<string>) Path(string digest, int day, params string[] references) =>
        (digest, _limit.AddDays(day), references);
}
