import pytest

from innereye.errors import InnerEyeError
from innereye.training.place import Place, is_follower, place_of_follower, place_of_leader

CLUSTER = {"NODE_RANK": "1", "MASTER_ADDR": "10.0.0.4", "MASTER_PORT": "6105"}


def leader(environ, num_nodes=2, per_node=1):
    return place_of_leader(environ, num_nodes=num_nodes, per_node=per_node)


def test_the_cluster_says_which_node_this_is():
    place = leader(CLUSTER, num_nodes=3, per_node=4)
    assert (place.rank, place.size) == (4, 12)
    assert (place.address, place.port) == ("10.0.0.4", 6105)
    assert place.leads_node
    assert not place.leads_all


def test_on_one_node_the_variables_of_a_cluster_do_not_count():
    assert leader({**CLUSTER, "NODE_RANK": "7"}, num_nodes=1) == Place()
    assert leader({}, num_nodes=1, per_node=2).size == 2


def test_several_nodes_without_a_cluster_are_refused_with_the_way_out():
    with pytest.raises(
        InnerEyeError, match="num_nodes is 2, but NODE_RANK and MASTER_PORT are not"
    ):
        leader({"MASTER_ADDR": "10.0.0.4"})
    with pytest.raises(InnerEyeError, match="--profile azureml"):
        leader({})


@pytest.mark.parametrize("wrong", [{"NODE_RANK": "2"}, {"NODE_RANK": "-1"}, {"MASTER_PORT": "x"}])
def test_another_cluster_than_was_asked_for_is_refused(wrong):
    with pytest.raises(InnerEyeError, match="with num_nodes=2 the nodes are 0 to 1"):
        leader({**CLUSTER, **wrong})


def test_the_ranks_of_all_processes_are_the_numbers_from_0():
    leaders = [leader({**CLUSTER, "NODE_RANK": str(node)}, per_node=3) for node in (0, 1)]
    places = [place for first in leaders for place in (first, *first.followers(6105))]
    assert [place.rank for place in places] == list(range(6))
    assert [place.leads_node for place in places] == [True, False, False] * 2
    assert [place.leads_all for place in places] == [True] + [False] * 5


def test_a_follower_knows_its_place_by_one_variable():
    follower = leader(CLUSTER, per_node=2).followers(7)[0]
    assert place_of_follower(follower.variables()) == follower
    assert is_follower(follower.variables())
    assert not is_follower({**CLUSTER, "LOCAL_RANK": "1", "RANK": "3"})
