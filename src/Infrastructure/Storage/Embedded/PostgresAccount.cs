using System.Security.Cryptography;
using System.Text;

namespace PatientResponse.Infrastructure.Storage.Embedded;

/// <summary>Who runs PostgreSQL: it refuses root, as whom containers often work.</summary>
/// <param name="Prefix">What stands in front of each of its commands.</param>
/// <param name="Home">The folder where that account keeps the database.</param>
/// <param name="Owner">Whose the files there have to be, as <c>uid:gid</c>; null where they need not be anybody else's.</param>
internal sealed record PostgresAccount(string[] Prefix, string Home, string? Owner = null)
{
    private const string Homes = "/var/lib/patient-response";

    /// <exception cref="EmbeddedPostgresException">Nobody on this machine may run it.</exception>
    public static async Task<PostgresAccount> ChooseAsync(string folder, PostgresPrograms programs)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
            return new([], folder);
        var (uid, gid) = SomebodyElse();
        // In a user namespace of its own PostgreSQL takes itself, and root's files, for somebody else's.
        string[] unshare = ["unshare", "--user", $"--map-user={uid}", $"--map-group={gid}", "--"];
        var elsewhere = Path.Combine(folder, "elsewhere");
        if (!File.Exists(elsewhere) && await Programs.FailureAsync([.. unshare, "true"]) is null)
            return new(unshare, folder);

        // Containers may forbid namespaces. Then it is really somebody else, who has no way into a folder of root's.
        string[] setpriv = ["setpriv", $"--reuid={uid}", $"--regid={gid}", "--clear-groups", "--"];
        if (Directory.Exists(Path.Combine(folder, "cluster")) || await Programs.FailureAsync([.. setpriv, "test", "-x", programs.Postgres]) is not null)
            throw new EmbeddedPostgresException($"""
                PostgreSQL does not run as root, and this machine forbids what goes round that: unshare --user does not work, and the user
                with the number {uid} cannot reach {(Directory.Exists(Path.Combine(folder, "cluster")) ? folder : programs.Postgres)}.
                Run this as an ordinary user, or set ConnectionStrings:Postgres to a server of your own.
                """);
        var home = Path.Combine(Homes, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16]);
        if (!File.Exists(elsewhere) && Directory.Exists(home))
            Directory.Delete(home, recursive: true); // Of a data folder that was deleted.
        Directory.CreateDirectory(home);
        await File.WriteAllTextAsync(elsewhere, home);
        return new(setpriv, home, $"{uid}:{gid}");
    }

    /// <summary>Hands over what root has made in the home.</summary>
    public async Task OwnAsync()
    {
        if (Owner is not null && await Programs.FailureAsync("chown", "-R", Owner, Home) is { } failure)
            throw new EmbeddedPostgresException($"The database's folder {Home} could not be handed to {Owner}: {failure}");
    }

    /// <summary><c>initdb</c> wants an account with a name; nobody's is on every system.</summary>
    private static (string Uid, string Gid) SomebodyElse()
    {
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(parts => parts.Length > 3 && parts[2] != "0").ToList();
        var chosen = accounts.FirstOrDefault(parts => parts[0] == "nobody") ?? accounts.FirstOrDefault()
            ?? throw new EmbeddedPostgresException("PostgreSQL does not run as root, and there is no other user. Set ConnectionStrings:Postgres to a server of your own.");
        return (chosen[2], chosen[3]);
    }
}
