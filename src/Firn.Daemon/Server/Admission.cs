namespace Firn.Daemon.Server;

/// <summary>Decides who may use a daemon, and who may do with it what root may.</summary>
/// <param name="trusted">Names of users, names of groups behind <c>@</c>, or <c>*</c>.</param>
/// <param name="allowed">The same for those who may only use it.</param>
/// <param name="buildGroup">The group of build users, who never may; empty for none.</param>
/// <param name="findGroup">Gives the number and the members of a group by its name.</param>
public sealed class Admission(
    IReadOnlyCollection<string> trusted, IReadOnlyCollection<string> allowed, string buildGroup,
    Func<string, (uint Id, IReadOnlyCollection<string> Members)?> findGroup)
{
    /// <summary>Tells whether a client is trusted; null when it is not let in at all.</summary>
    /// <param name="user">Its user's name, or number when there is no name.</param>
    /// <param name="group">Its group.</param>
    public bool? Decide(string user, uint group)
    {
        // A builder that gets out of its sandbox is not to get in here.
        if (buildGroup.Length > 0 && findGroup(buildGroup) is var (id, _) && id == group)
        {
            return null;
        }

        return Matches(user, group, trusted) ? true : Matches(user, group, allowed) ? false : null;
    }

    private bool Matches(string user, uint group, IReadOnlyCollection<string> names) => names.Any(name =>
        name == "*" || name == user
        || (name.StartsWith('@') && findGroup(name[1..]) is var (id, members) && (id == group || members.Contains(user))));
}
