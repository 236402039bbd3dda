using System.Reflection;
using System.Text.RegularExpressions;
using Marten;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Marten's own SQL takes parameters by place; ours have names.</summary>
internal static partial class NamedQueries
{
    private const char Place = '^';

    /// <param name="parameters">An anonymous object, or a dictionary.</param>
    public static Task<IReadOnlyList<(T1, T2)>> QueryNamedAsync<T1, T2>(this IQuerySession session, string sql, object parameters, CancellationToken cancellation)
    {
        var named = parameters as IReadOnlyDictionary<string, object> ?? parameters.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToDictionary(property => property.Name, property => property.GetValue(parameters)!);
        var values = new List<object>();
        var placed = Name().Replace(sql, name =>
        {
            values.Add(named[name.Value[1..]]);
            return Place.ToString();
        });
        return session.AdvancedSql.QueryAsync<T1, T2>(Place, placed, cancellation, [.. values]);
    }

    [GeneratedRegex("@[a-z_]+", RegexOptions.IgnoreCase)]
    private static partial Regex Name();
}
